using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OurTorrent.Interop.Contents;
using OurTorrent.Interop.Programs;

namespace OurTorrent.Interop.Clients;

/// <summary>
/// transmission-daemon, told what to do over its RPC. Seen: 3.00, which refuses hybrid torrents, takes no loopback address
/// from a tracker, and strips spaces from both ends of file names.
/// </summary>
internal sealed class Transmission : OtherClient
{
    private const string SessionHeader = "X-Transmission-Session-Id";
    private const int Downloading = 4;
    private const int Seeding = 6;

    private static readonly Requirement Daemon = new("transmission-daemon", "transmission-daemon");

    private readonly Uri _rpc;
    private string _session = "";

    private Transmission(ExternalProgram program, int port, int rpcPort)
        : base(program, port) => _rpc = new Uri($"http://127.0.0.1:{rpcPort}/transmission/rpc");

    /// <inheritdoc/>
    /// <remarks>Version 3 does not know BEP 47.</remarks>
    public override bool KeepsPadding => true;

    /// <inheritdoc/>
    public override bool MakesEmptyFiles => false;

    /// <summary>Starts the daemon.</summary>
    /// <param name="home">The folder of its settings.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Transmission> StartAsync(string home, CancellationToken cancellationToken)
    {
        string path = Daemon.Find();
        int port = LoopbackPorts.Take();
        int rpcPort = LoopbackPorts.Take();
        string settings = Path.Combine(Directory.CreateDirectory(Path.Combine(home, "settings")).FullName, "settings.json");
        await File.WriteAllTextAsync(settings, Settings(port, rpcPort).ToJsonString(), cancellationToken);
        var client = new Transmission(
            ExternalProgram.Start(path, ["--foreground", "--config-dir", Path.GetDirectoryName(settings)!], home), port, rpcPort);
        try
        {
            await Patience.UntilAsync(client.AnswersAsync, () => "an answer of transmission-daemon", cancellationToken);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }

        return client;
    }

    /// <inheritdoc/>
    /// <remarks>A handshake would cost half a minute: who comes back too soon after leaving is turned away.</remarks>
    public override Task WaitForPeersWelcomeAsync(SharedTorrent torrent, CancellationToken cancellationToken) => Patience.UntilAsync(
        async () => !(await GetProgressAsync(torrent, cancellationToken)).IsChecking,
        () => $"the end of transmission's check of {torrent.Metainfo.Name}",
        cancellationToken);

    public override Task AddAsync(SharedTorrent torrent, string folder, CancellationToken cancellationToken) => CallAsync(
        "torrent-add",
        new JsonObject { ["metainfo"] = Convert.ToBase64String(torrent.Bytes.Span), ["download-dir"] = folder },
        cancellationToken);

    protected override Task AskToEndAsync(CancellationToken cancellationToken) => CallAsync("session-close", [], cancellationToken);

    protected override async Task<Progress> GetProgressAsync(SharedTorrent torrent, CancellationToken cancellationToken)
    {
        JsonObject answer = await CallAsync(
            "torrent-get",
            new JsonObject
            {
                ["ids"] = new JsonArray(torrent.Metainfo.InfoHashes.Wire.ToString()),
                ["fields"] = new JsonArray("status", "haveValid", "leftUntilDone", "error", "errorString", "recheckProgress"),
            },
            cancellationToken);
        JsonNode found = answer["torrents"]![0]!;
        Assert.True((int)found["error"]! == 0, $"transmission: {found["errorString"]}");
        int status = (int)found["status"]!;
        bool isWhole = (long)found["leftUntilDone"]! == 0;
        return new((long)found["haveValid"]!, status is not (Downloading or Seeding), status == Seeding && isWhole);
    }

    private static JsonObject Settings(int port, int rpcPort) => new()
    {
        ["bind-address-ipv4"] = "127.0.0.1",
        ["bind-address-ipv6"] = "::1",
        ["peer-port"] = port,
        ["rpc-bind-address"] = "127.0.0.1",
        ["rpc-port"] = rpcPort,
        ["rpc-authentication-required"] = false,
        ["dht-enabled"] = false,
        ["lpd-enabled"] = false,
        ["pex-enabled"] = false,
        ["utp-enabled"] = false,
        ["port-forwarding-enabled"] = false,
        ["encryption"] = 0,
        ["preallocation"] = 0,
        ["rename-partial-files"] = false,
        ["start-added-torrents"] = true,
        ["download-queue-enabled"] = false,
        ["seed-queue-enabled"] = false,
        ["ratio-limit-enabled"] = false,
        ["idle-seeding-limit-enabled"] = false,
        ["incomplete-dir-enabled"] = false,
        ["message-level"] = 2,
    };

    private async Task<bool> AnswersAsync()
    {
        if (Program.HasExited)
            Assert.Fail($"transmission-daemon has ended: {Program.LastWords}");

        try
        {
            await CallAsync("session-get", [], TestContext.Current.CancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<JsonObject> CallAsync(string method, JsonObject arguments, CancellationToken cancellationToken)
    {
        string body = new JsonObject { ["method"] = method, ["arguments"] = arguments }.ToJsonString();
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _rpc) { Content = new StringContent(body) };
            request.Headers.Add(SessionHeader, _session);
            using HttpResponseMessage response = await LoopbackHttp.Client.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.Conflict)
            {
                // The first answer gives the word that every later request has to bring.
                _session = response.Headers.GetValues(SessionHeader).Single();
                continue;
            }

            response.EnsureSuccessStatusCode();
            JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))
                ?? throw new JsonException("transmission answered nothing.");
            Assert.Equal("success", (string?)answer["result"]);
            return answer["arguments"]!.AsObject();
        }
    }
}
