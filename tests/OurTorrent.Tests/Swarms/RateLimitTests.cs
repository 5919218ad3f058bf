using Microsoft.Extensions.Time.Testing;
using OurTorrent.Peers;
using OurTorrent.Pieces;
using OurTorrent.Protocol.Peers;
using OurTorrent.Tests.EndToEnd;
using OurTorrent.Tests.Hostile;

namespace OurTorrent.Tests.Swarms;

/// <summary>Limits hold to the byte in virtual time: it moves only when the limiter is what everybody waits for.</summary>
public sealed class RateLimitTests : IAsyncLifetime
{
    private const int Rate = 200_000;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly Rig _rig = new();
    private readonly FakeTimeProvider _time = new();
    private readonly TestContent _content = TestContent.Create("file.bin", 64 * 1024, ("", 1_000_000));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_download_limit_holds_within_a_tenth(bool ofSession)
    {
        using var listener = new RawListener();
        Session session = await _rig.StartAsync(
            "leech", options => options with { TimeProvider = _time, DownloadLimit = ofSession ? Rate : 0 });
        Torrent torrent = await _rig.AddAsync(
            session, _content, options => options with { DownloadLimit = ofSession ? 0 : Rate }, listener.EndPoint);
        using RawPeer peer = await listener.AcceptAsync();
        ScriptedSeed seed = await ScriptedSeed.OpenAsync(_content, peer, 1);
        Task serving = seed.ServeAsync();
        double seconds = await RunAsync(session, torrent, connection => connection.IsReadPaused);
        Assert.InRange(seconds, 5 * 0.9, 5 * 1.1);
        await torrent.StopAsync(TestContext.Current.CancellationToken);
        await Rig.WithinAsync(serving);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_upload_limit_holds_within_a_tenth(bool ofSession)
    {
        _content.WriteTo(_rig.Folder["leech"]);
        Session session = await _rig.StartAsync(
            "seed", options => options with { TimeProvider = _time, UploadLimit = ofSession ? Rate : 0 });
        Torrent torrent = await _rig.AddAsync(session, _content, options => options with { UploadLimit = ofSession ? 0 : Rate });
        using RawPeer peer = await RawPeer.ConnectAsync(Rig.EndPointOf(session));
        await peer.ShakeHandsAsync(_content.Metainfo.InfoHashes.Wire);
        await peer.SendAsync(PeerMessageWriter.WriteInterested);
        await peer.ReadAsync(PeerMessageType.Unchoke);
        await peer.SendAsync(writer =>
        {
            for (int piece = 0; piece < _content.Metainfo.PieceCount; piece++)
            {
                for (int offset = 0; offset < _content.Metainfo.PieceLengthOf(piece); offset += BlockRequest.BlockSize)
                    PeerMessageWriter.WriteRequest(writer, new BlockRequest(piece, offset, Math.Min(BlockRequest.BlockSize, _content.Metainfo.PieceLengthOf(piece) - offset)));
            }
        });
        long received = 0;
        Task receiving = Task.Run(
            async () =>
            {
                while (Volatile.Read(ref received) < _content.Bytes.Length)
                    Interlocked.Add(ref received, (await peer.ReadAsync(PeerMessageType.Piece)).Body.Length);
            },
            TestContext.Current.CancellationToken);
        double seconds = await RunAsync(
            session,
            torrent,
            connection => connection is { ContentQueued: 0, Uploads: { Reading: 0, Count: > 0 } },
            () => receiving.IsCompleted);
        await Rig.WithinAsync(receiving);
        Assert.InRange(seconds, 5 * 0.9, 5 * 1.1);
    }

    /// <summary>Lets time go on whenever a connection waits for its limit, until the content is through.</summary>
    private async Task<double> RunAsync(Session session, Torrent torrent, Func<PeerConnection, bool> waits, Func<bool>? isDone = null)
    {
        isDone ??= () => torrent.Status.IsComplete;
        DateTimeOffset began = _time.GetUtcNow();
        while (!isDone())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            if (torrent.Inspect(swarm => swarm.Picker.Peers is [PickerPeer only] && waits((PeerConnection)only.Tag!)))
                _time.Advance(Step);
            session.GetStatistics();
            await Task.Yield();
        }

        return (_time.GetUtcNow() - began).TotalSeconds;
    }
}
