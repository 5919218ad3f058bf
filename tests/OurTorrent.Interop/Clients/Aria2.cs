using System.Text.Json.Nodes;
using OurTorrent.Interop.Contents;
using OurTorrent.Interop.Programs;

namespace OurTorrent.Interop.Clients;

/// <summary>
/// aria2c, told what to do over its JSON-RPC. It tries an encrypted handshake first when it connects, and then a plain one.
/// Seen: 1.36.0, which takes hybrid torrents but gives them an info-hash of its own.
/// </summary>
internal sealed class Aria2 : OtherClient
{
    private static readonly Requirement Command = new("aria2c", "aria2");

    private readonly Dictionary<SharedTorrent, string> _ids = [];
    private readonly Uri _rpc;

    private Aria2(ExternalProgram program, int port, int rpcPort)
        : base(program, port) => _rpc = new Uri($"http://127.0.0.1:{rpcPort}/jsonrpc");

    /// <inheritdoc/>
    /// <remarks>It does not know BEP 47.</remarks>
    public override bool KeepsPadding => true;

    /// <inheritdoc/>
    /// <remarks>7 says that a download is unfinished.</remarks>
    protected override int[] GoodExitCodes => [0, 7];

    /// <summary>Starts aria2 without any download.</summary>
    /// <param name="home">A folder for what it may want to keep.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Aria2> StartAsync(string home, CancellationToken cancellationToken)
    {
        string path = Command.Find();
        int port = LoopbackPorts.Take();
        int rpcPort = LoopbackPorts.Take();

        // Without its DHT it asks no UDP trackers. It knows no nodes, so that the DHT itself stays silent.
        string[] arguments =
        [
            "--no-conf", "--enable-rpc", $"--rpc-listen-port={rpcPort}", "--rpc-listen-all=false",
            $"--stop-with-process={Environment.ProcessId}", $"--listen-port={port}", "--interface=127.0.0.1",
            $"--dht-listen-port={LoopbackPorts.Take()}", "--enable-dht6=false", "--bt-enable-lpd=false", "--enable-peer-exchange=false",
            "--check-integrity=true", "--bt-hash-check-seed=true", "--seed-ratio=0.0", "--file-allocation=none",
            "--allow-overwrite=true", "--bt-force-encryption=false", "--bt-min-crypto-level=plain",
            "--summary-interval=0", "--show-console-readout=false", "--console-log-level=notice", "--disable-ipv6=true",
        ];
        var client = new Aria2(ExternalProgram.Start(path, arguments, home), port, rpcPort);
        try
        {
            await Patience.UntilAsync(client.AnswersAsync, () => "an answer of aria2c", cancellationToken);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }

        return client;
    }

    public override async Task AddAsync(SharedTorrent torrent, string folder, CancellationToken cancellationToken)
    {
        JsonNode id = await CallAsync(
            "aria2.addTorrent",
            [Convert.ToBase64String(torrent.Bytes.Span), new JsonArray(), new JsonObject { ["dir"] = folder }],
            cancellationToken);
        _ids.Add(torrent, (string)id!);
    }

    protected override Task AskToEndAsync(CancellationToken cancellationToken) => CallAsync("aria2.forceShutdown", [], cancellationToken);

    protected override async Task<Progress> GetProgressAsync(SharedTorrent torrent, CancellationToken cancellationToken)
    {
        JsonNode status = await CallAsync("aria2.tellStatus", [_ids[torrent]], cancellationToken);
        string state = (string)status["status"]!;
        Assert.True(state is "active" or "waiting", $"aria2 is {state}: {status["errorMessage"]}");
        bool isChecking = state == "waiting" || status["verifiedLength"] is not null || status["verifyIntegrityPending"] is not null;
        return new(
            long.Parse((string)status["completedLength"]!, CultureInfo.InvariantCulture),
            isChecking,
            !isChecking && (string?)status["seeder"] == "true");
    }

    private async Task<bool> AnswersAsync()
    {
        if (Program.HasExited)
            Assert.Fail($"aria2c has ended: {Program.LastWords}");

        try
        {
            await CallAsync("aria2.getVersion", [], TestContext.Current.CancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<JsonNode> CallAsync(string method, JsonArray parameters, CancellationToken cancellationToken)
    {
        var call = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = "1", ["method"] = method, ["params"] = parameters };
        using var content = new StringContent(call.ToJsonString());
        using HttpResponseMessage response = await LoopbackHttp.Client.PostAsync(_rpc, content, cancellationToken);
        JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        Assert.True(answer["result"] is not null, $"aria2 refused {method}: {answer}");
        return answer["result"]!;
    }
}
