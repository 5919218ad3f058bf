using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using OurTorrent.Engines;
using OurTorrent.Tests.Storage;
using OurTorrent.Trackers;
using TestContent = OurTorrent.Tests.EndToEnd.TestContent;

namespace OurTorrent.Tests.Swarms;

/// <summary>How many are dialled, and what an engine costs that has nothing to do; its loop is turned by hand.</summary>
public sealed class DiallingTests : IDisposable
{
    private readonly SilentNetwork _network = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ManualDisk _disk = new();
    private readonly TestContent _content = TestContent.Create("file.bin", 16 * 1024, ("", 40_000));
    private Engine? _engine;

    public void Dispose() => _engine?.Dispose();

    [Fact]
    public async Task No_more_are_dialled_at_once_than_the_session_allows()
    {
        Torrent torrent = await StartAsync(new SessionOptions { MaxHalfOpen = 3 }, new TorrentOptions(), whole: false);
        AddPeers(torrent, 10);
        Assert.Equal(3, _network.Dialled.Count);
        Assert.Equal(3, _engine!.GetStatistics().HalfOpen);

        // One answers, one refuses: their places are free.
        _network.Dialled[0].Handler.OnConnected();
        _network.Dialled[1].Handler.OnConnectFailed(SocketError.ConnectionRefused);
        Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, _network.Dialled.Count);
        Assert.Equal(3, _engine.GetStatistics().HalfOpen);

        // Nobody answers for fifteen seconds, then the next three have their turn; in the end all have.
        for (int second = 0; second < 60; second++)
        {
            Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(3, _engine.GetStatistics().HalfOpen);
        }

        Assert.Equal(10, _network.Dialled.Select(socket => socket.RemoteEndPoint).Distinct().Count());
        Task stopping = torrent.Swarm.StopAsync();
        RunDisk();
        Assert.True(stopping.IsCompletedSuccessfully);
        Assert.All(_network.Dialled.Where(socket => socket != _network.Dialled[1]), socket => Assert.True(socket.IsClosed));
        Assert.Equal((0, 0), (_engine.HalfOpen, _engine.Connections));
    }

    [Theory]
    [InlineData(4, 80)]
    [InlineData(200, 4)]
    public async Task No_more_are_dialled_than_the_session_and_the_torrent_have_room_for(int session, int ofTorrent)
    {
        Torrent torrent = await StartAsync(new SessionOptions { MaxPeers = session }, new TorrentOptions { MaxPeers = ofTorrent }, whole: false);
        AddPeers(torrent, 10);
        Assert.Equal(4, _network.Dialled.Count);
        Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(4, _network.Dialled.Count);
    }

    [Fact]
    public async Task A_long_list_of_dead_peers_is_no_storm()
    {
        Torrent torrent = await StartAsync(new SessionOptions(), new TorrentOptions(), whole: false);
        AddPeers(torrent, 200);
        for (int second = 0; second < 5; second++)
        {
            int before = _network.Dialled.Count;
            foreach (SilentNetwork.Dialling socket in _network.Dialled.ToArray().Where(socket => !socket.IsClosed))
            {
                socket.Close();
                socket.Handler.OnConnectFailed(SocketError.ConnectionRefused);
            }

            Advance(TimeSpan.FromSeconds(1));
            Assert.InRange(_network.Dialled.Count - before, 0, 60);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_torrent_with_nothing_to_do_allocates_nothing(bool whole)
    {
        await StartAsync(new SessionOptions(), new TorrentOptions(), whole);
        Advance(TimeSpan.FromMinutes(5));

        Assert.InRange(Allocation.Least(() => Advance(TimeSpan.FromSeconds(1000))), 0, 1000 * 8);
    }

    private async Task<Torrent> StartAsync(SessionOptions options, TorrentOptions torrentOptions, bool whole)
    {
        var storage = new MemoryStorage(_content.Metainfo);
        if (whole)
            storage.Files[0] = _content.Bytes;
        _engine = new Engine(options, new EngineEnvironment
        {
            Network = _network,
            Disk = _disk,
            Http = new NoHttp(),
            Time = _time,
            Random = new Random(1),
            RunsOwnThread = false,
        });
        await _engine.StartAsync(TestContext.Current.CancellationToken);
        var torrent = new Torrent(_engine, _content.Metainfo, torrentOptions with { Storage = storage }, [FilePriority.Normal]);
        _engine.Add(torrent.Swarm);
        RunDisk();
        Assert.Equal(whole ? TorrentState.Seeding : TorrentState.Downloading, torrent.Status.State);
        return torrent;
    }

    private void RunDisk()
    {
        while (_disk.RunOne() || _engine!.Loop.HasPosted)
            _engine!.Loop.Turn(wait: false);
    }

    private void AddPeers(Torrent torrent, int count)
    {
        for (int i = 0; i < count; i++)
            torrent.AddPeer(new IPEndPoint(IPAddress.Loopback, 2000 + i));
        _engine!.Loop.Turn(wait: false);
    }

    private void Advance(TimeSpan by)
    {
        for (TimeSpan done = TimeSpan.Zero; done < by; done += TimeSpan.FromSeconds(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _engine!.Loop.Turn(wait: false);
        }
    }

    private sealed class NoHttp : IHttpGetter
    {
        public Task<HttpAnswer> GetAsync(Uri url, int maxBytes, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
