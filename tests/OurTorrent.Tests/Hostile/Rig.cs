using System.Net;
using OurTorrent.Tests.EndToEnd;

namespace OurTorrent.Tests.Hostile;

/// <summary>Sessions on loopback, each with folders of its own, and what they have logged.</summary>
internal sealed class Rig : IAsyncDisposable
{
    /// <summary>How long anything may take before a test gives up: an error, never a measure.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<Session> _sessions = [];

    public TempFolder Folder { get; } = new();

    public LogLines Log { get; } = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static IPEndPoint EndPointOf(Session session) => new(IPAddress.Loopback, session.ListenEndPoints[0].Port);

    public async Task<Session> StartAsync(string name, Func<SessionOptions, SessionOptions>? change = null)
    {
        var options = new SessionOptions
        {
            Port = 0,
            BindAddress = IPAddress.Loopback,
            StateDirectory = Folder[name + ".state"],
            LoggerFactory = Log,
        };
        Session session = await Session.StartAsync(change?.Invoke(options) ?? options, Cancelled);
        _sessions.Add(session);
        return session;
    }

    /// <summary>A session that seeds some content.</summary>
    public async Task<IPEndPoint> SeedAsync(TestContent content, Func<SessionOptions, SessionOptions>? change = null)
    {
        content.WriteTo(Folder["seed"]);
        Session session = await StartAsync("seed", change);
        Torrent torrent = await session.AddAsync(content.Metainfo, new TorrentOptions { Directory = Folder["seed"] }, Cancelled);
        await WithinAsync(torrent.Completion);
        return EndPointOf(session);
    }

    /// <summary>Adds a torrent whose content goes into the folder "leech".</summary>
    public async Task<Torrent> AddAsync(Session session, TestContent content, Func<TorrentOptions, TorrentOptions>? change = null, params IPEndPoint[] peers)
    {
        var options = new TorrentOptions { Directory = Folder["leech"], Peers = peers };
        Torrent torrent = await session.AddAsync(content.Metainfo, change?.Invoke(options) ?? options, Cancelled);
        await WithinAsync(torrent.Checked);
        return torrent;
    }

    /// <summary>Gives a file another length, also one that a session has open.</summary>
    public static void Cut(string path, long length)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        stream.SetLength(length);
    }

    public static Task WithinAsync(Task task) => task.WaitAsync(Limit, Cancelled);

    public static Task<T> WithinAsync<T>(Task<T> task) => task.WaitAsync(Limit, Cancelled);

    /// <summary>Asks again and again until a condition holds; the loop answers, so that each time some work has been done.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        end.CancelAfter(Limit);
        while (!condition())
        {
            end.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Session session in _sessions)
            await session.DisposeAsync();
        Folder.Dispose();
    }
}
