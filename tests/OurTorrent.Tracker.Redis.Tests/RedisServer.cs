using System.Diagnostics;
using System.Net.Sockets;

namespace OurTorrent.Tracker.Redis.Tests;

/// <summary>A Redis server of a test's own, on a socket in a folder that goes with it. It keeps nothing on disk.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ourtorrent-redis-");
    private Process? _process;

    /// <summary>The path of its socket.</summary>
    public string Socket => Path.Combine(_folder.FullName, "redis.sock");

    /// <summary>What StackExchange.Redis connects to it by.</summary>
    public string Configuration => "!" + Socket;

    /// <summary>Whether the program is there to be started.</summary>
    public static bool IsInstalled { get; } = Find() is not null;

    public static RedisServer Start(params string[] arguments)
    {
        var server = new RedisServer();
        server.StartAgain(arguments);
        return server;
    }

    /// <summary>Starts it again, with nothing in it.</summary>
    public void StartAgain(params string[] arguments)
    {
        File.Delete(Socket);
        var start = new ProcessStartInfo(Find()!) { RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = _folder.FullName };
        foreach (string argument in (string[])["--port", "0", "--unixsocket", Socket, "--save", "", "--appendonly", "no", .. arguments])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains("ready to accept connections", StringComparison.OrdinalIgnoreCase) && Connects())
                return;
        }

        Kill();
        throw new InvalidOperationException("redis-server has ended at its start.");
    }

    /// <summary>Ends it at once, with all it holds.</summary>
    public void Kill()
    {
        if (_process is null)
            return;

        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Holds it up: connections stay, nothing is answered.</summary>
    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    public void Dispose()
    {
        Kill();
        _folder.Delete(recursive: true);
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin")
        .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);

    private bool Connects()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Socket));
        return true;
    }

    private void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-s", name, _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
