using System.Net;
using OurTorrent.Crash.Contents;

namespace OurTorrent.Crash.Peers;

/// <summary>An engine in the test's own process that has all content, and gives it to the program under test.</summary>
internal sealed class LoopbackSeed : IAsyncDisposable
{
    private readonly Session _session;
    private readonly Torrent _torrent;

    private LoopbackSeed(Session session, Torrent torrent)
    {
        _session = session;
        _torrent = torrent;
    }

    /// <summary>Content sent so far, in bytes.</summary>
    public long BytesSent => _torrent.Status.BytesUploaded;

    /// <summary>The options by which the program under test connects to it.</summary>
    public string[] AsPeer => ["--peer", _session.ListenEndPoints[0].ToString()];

    /// <summary>Starts it.</summary>
    /// <param name="content">What it has.</param>
    /// <param name="state">A folder for its own state.</param>
    /// <param name="rate">How many bytes it sends a second; 0 for as many as it can.</param>
    public static async Task<LoopbackSeed> StartAsync(SharedContent content, string state, long rate = 0)
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        var options = new SessionOptions { Port = 0, BindAddress = IPAddress.Loopback, StateDirectory = state, UploadLimit = rate };
        Session session = await Session.StartAsync(options, cancelled);
        Torrent torrent = await session.AddAsync(
            content.Metainfo, new TorrentOptions { Directory = content.Folder, SeedOnly = true }, cancelled);
        await torrent.Checked.WaitAsync(cancelled);
        Assert.True(torrent.Status.IsComplete);
        return new LoopbackSeed(session, torrent);
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();
}
