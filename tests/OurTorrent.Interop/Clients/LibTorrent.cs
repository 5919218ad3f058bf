using System.Net;
using System.Text.Json.Nodes;
using OurTorrent.Interop.Contents;
using OurTorrent.Interop.Programs;

namespace OurTorrent.Interop.Clients;

/// <summary>A session of libtorrent (rasterbar) in a Python program, told what to do over its standard input. Seen: 2.0.8.</summary>
internal sealed class LibTorrent : OtherClient
{
    private static readonly Requirement Module = new("python3", "python3-libtorrent");

    private LibTorrent(ExternalProgram program, int port)
        : base(program, port)
    {
    }

    /// <summary>Starts a session without any torrent.</summary>
    /// <param name="home">A folder for what it may want to keep.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<LibTorrent> StartAsync(string home, CancellationToken cancellationToken)
    {
        ExternalProgram program = Run("libtorrent_peer.py", [], home);
        try
        {
            int port = (int)Answer(await program.ReadLineAsync(cancellationToken))["port"]!;
            return new LibTorrent(program, port);
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a .torrent file of what is in a folder, as libtorrent makes it.</summary>
    /// <param name="content">The file or folder to describe.</param>
    /// <param name="output">The .torrent file.</param>
    /// <param name="arguments">How to make it, as <c>make_torrent.py</c> wants it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task MakeTorrentAsync(string content, string output, string[] arguments, CancellationToken cancellationToken)
    {
        await using ExternalProgram program = Run("make_torrent.py", [content, output, .. arguments], Path.GetDirectoryName(output)!);
        _ = Answer(await program.ReadLineAsync(cancellationToken));
        Assert.Equal(0, await program.WaitForExitAsync(cancellationToken));
    }

    public override Task AddAsync(SharedTorrent torrent, string folder, CancellationToken cancellationToken) => AskAsync(
        new JsonObject { ["do"] = "add", ["torrent"] = torrent.Path, ["folder"] = folder }, cancellationToken);

    /// <summary>Lets it connect to a peer, rather than wait for it.</summary>
    public Task ConnectAsync(SharedTorrent torrent, IPEndPoint peer, CancellationToken cancellationToken) => AskAsync(
        new JsonObject { ["do"] = "connect", ["torrent"] = torrent.Path, ["address"] = peer.Address.ToString(), ["port"] = peer.Port },
        cancellationToken);

    protected override Task AskToEndAsync(CancellationToken cancellationToken) =>
        AskAsync(new JsonObject { ["do"] = "quit" }, cancellationToken);

    protected override async Task<Progress> GetProgressAsync(SharedTorrent torrent, CancellationToken cancellationToken)
    {
        JsonNode status = await AskAsync(new JsonObject { ["do"] = "status", ["torrent"] = torrent.Path }, cancellationToken);
        return new((long)status["completed"]!, (bool)status["checking"]!, (bool)status["seeding"]!);
    }

    private static ExternalProgram Run(string script, string[] arguments, string home)
    {
        // The module is the system's; another Python that comes first in the path does not have it.
        const string SystemPython = "/usr/bin/python3";
        string python = File.Exists(SystemPython) ? SystemPython : Module.Find();
        return ExternalProgram.Start(python, ["-u", Path.Combine(AppContext.BaseDirectory, "Peers", script), .. arguments], home);
    }

    private static JsonNode Answer(string line)
    {
        JsonNode answer = JsonNode.Parse(line)!;
        if (answer["missing"] is not null)
            throw Module.Missing();
        Assert.True(answer["error"] is null, $"libtorrent: {answer["error"]}");
        return answer;
    }

    private async Task<JsonNode> AskAsync(JsonObject question, CancellationToken cancellationToken)
    {
        await Program.WriteLineAsync(question.ToJsonString(), cancellationToken);
        return Answer(await Program.ReadLineAsync(cancellationToken));
    }
}
