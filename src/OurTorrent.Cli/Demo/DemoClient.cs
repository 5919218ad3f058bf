using System.Net;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Cli.Demo;

/// <summary>One client of the demo: a session with the one torrent, listening on the loopback address.</summary>
internal sealed class DemoClient : IAsyncDisposable
{
    private readonly Session _session;

    private DemoClient(string name, string directory, Session session, Torrent torrent)
    {
        Name = name;
        Directory = directory;
        _session = session;
        Torrent = torrent;
        Status = torrent.Status;
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The folder its copy is in.</summary>
    public string Directory { get; }

    /// <summary>Its torrent.</summary>
    public Torrent Torrent { get; }

    /// <summary>The latest status of its torrent.</summary>
    public TorrentStatus Status { get; private set; }

    /// <summary>Where the others connect to.</summary>
    public IPEndPoint EndPoint => _session.ListenEndPoints[0];

    /// <summary>Its peer id.</summary>
    public string PeerId => _session.PeerId.ToString();

    /// <summary>How long it took to become complete, or null before.</summary>
    public TimeSpan? Taken { get; set; }

    /// <summary>Starts a client.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="directory">The folder its copy is in.</param>
    /// <param name="metainfo">The torrent.</param>
    /// <param name="session">How the session behaves; the address is set to the loopback one, and the port to any.</param>
    /// <param name="uploadSlots">How many others it sends to at once, or null for the engine's own choice.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DemoClient> StartAsync(
        string name,
        string directory,
        TorrentMetainfo metainfo,
        SessionOptions session,
        int? uploadSlots,
        CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(directory);
        session = session with { Port = 0, BindAddress = IPAddress.Loopback, StateDirectory = Path.Combine(directory, ".state") };
        Session running = await Session.StartAsync(session, cancellationToken);
        try
        {
            var options = new TorrentOptions
            {
                Directory = directory,
                UploadSlots = uploadSlots,
            };
            return new DemoClient(name, directory, running, await running.AddAsync(metainfo, options, cancellationToken));
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks for the status.</summary>
    public void Refresh() => Status = Torrent.Status;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _session.DisposeAsync();
}
