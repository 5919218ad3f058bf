using System.Net;
using OurTorrent.Interop.Contents;
using OurTorrent.Interop.Programs;

namespace OurTorrent.Interop;

/// <summary>What all tests here share: a folder, and sessions of ours on the loopback interface.</summary>
public abstract class InteropTest : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _sessions;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Where the seeding side has its content.</summary>
    protected string SeedFolder => _folder.Create("seed");

    /// <summary>Where the downloading side puts the content.</summary>
    protected string DownloadFolder => _folder.Create("download");

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A folder for something else.</summary>
    protected string Folder(string name) => _folder.Create(name);

    /// <summary>Starts a session of ours, with no memory of another.</summary>
    protected Task<Session> StartSessionAsync() => Session.StartAsync(
        new SessionOptions
        {
            Port = 0,
            BindAddress = IPAddress.Loopback,
            StateDirectory = _folder[$"state {Interlocked.Increment(ref _sessions)}"],
            LoggerFactory = new TestLog(),
        },
        Cancelled);

    /// <summary>Adds a torrent to a session of ours that has all its content, and waits until it seeds.</summary>
    private protected static async Task<Torrent> SeedAsync(Session session, SharedTorrent shared, string folder, params IPEndPoint[] peers)
    {
        Torrent torrent = await session.AddAsync(shared.Metainfo, new TorrentOptions { Directory = folder, Peers = peers }, Cancelled);
        await torrent.Completion.WaitAsync(Patience.Limit, Cancelled);
        Assert.Equal(0, torrent.Status.BytesDownloaded);
        return torrent;
    }

    /// <summary>Adds a torrent to a session of ours that has only a part of its content and wants no more.</summary>
    private protected static async Task<Torrent> SeedPartAsync(
        Session session, SharedTorrent shared, string folder, params IPEndPoint[] peers)
    {
        Torrent torrent = await session.AddAsync(
            shared.Metainfo, new TorrentOptions { Directory = folder, Peers = peers, SeedOnly = true }, Cancelled);
        await torrent.Checked.WaitAsync(Patience.Limit, Cancelled);
        return torrent;
    }

    /// <summary>Waits until a torrent of ours is complete.</summary>
    private protected static async Task WaitForCompletionAsync(Torrent torrent)
    {
        try
        {
            await torrent.Completion.WaitAsync(Patience.Limit, Cancelled);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Our download is not complete: {torrent.Status}\n{string.Join('\n', torrent.Peers)}");
        }
    }
}
