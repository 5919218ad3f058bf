using System.Runtime.Versioning;
using OurTorrent.Interop.Programs;
using OurTorrent.Protocol;

namespace OurTorrent.Interop.Trackers;

/// <summary>
/// opentracker, on one port for UDP and for HTTP. Seen: Debian's 0.0~git20210823, which wants a list of allowed torrents.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class OpenTracker : IAsyncDisposable
{
    private const string AllowedFile = "allowed";

    private static readonly Requirement Command = new("opentracker", "opentracker");

    private readonly ExternalProgram _program;
    private readonly int _port;

    private OpenTracker(ExternalProgram program, int port)
    {
        _program = program;
        _port = port;
    }

    /// <summary>Its announce URL over UDP.</summary>
    public string UdpUrl => $"udp://127.0.0.1:{_port}/announce";

    /// <summary>Its announce URL over HTTP.</summary>
    public string HttpUrl => $"http://127.0.0.1:{_port}/announce";

    /// <summary>The announce URL with a scheme.</summary>
    public string Url(string scheme) => scheme == "udp" ? UdpUrl : HttpUrl;

    /// <summary>Starts a tracker that knows some torrents.</summary>
    /// <param name="home">A folder for its list.</param>
    /// <param name="torrents">The torrents it takes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<OpenTracker> StartAsync(string home, IEnumerable<InfoHash> torrents, CancellationToken cancellationToken)
    {
        string path = Command.Find();

        // Started as root it locks itself into the folder and gives up its rights, and then has to read the list.
        Directory.CreateDirectory(home);
        string allowed = Path.Combine(home, AllowedFile);
        await File.WriteAllLinesAsync(allowed, torrents.Select(hash => hash.ToString()), cancellationToken);
        const UnixFileMode ReadableByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        File.SetUnixFileMode(allowed, ReadableByAll);
        File.SetUnixFileMode(home, ReadableByAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

        int port = LoopbackPorts.Take();
        string portText = port.ToString(CultureInfo.InvariantCulture);
        var tracker = new OpenTracker(
            ExternalProgram.Start(path, ["-i", "127.0.0.1", "-p", portText, "-P", portText, "-d", home, "-w", AllowedFile], home), port);
        try
        {
            await Patience.UntilAsync(tracker.AnswersAsync, () => "an answer of opentracker", cancellationToken);
        }
        catch
        {
            await tracker.DisposeAsync();
            throw;
        }

        return tracker;
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private async Task<bool> AnswersAsync()
    {
        if (_program.HasExited)
            Assert.Fail($"opentracker has ended: {_program.LastWords}");

        try
        {
            using var connection = new System.Net.Sockets.TcpClient();
            await connection.ConnectAsync("127.0.0.1", _port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
