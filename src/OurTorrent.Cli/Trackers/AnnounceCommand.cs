using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using OurTorrent.Cli.Terminal;
using OurTorrent.Protocol.Peers;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Cli.Trackers;

/// <summary><c>ourtorrent announce</c>: the tester that connects to the trackers, announces, and prints the peers they name.</summary>
internal sealed class AnnounceCommand(CommandEnvironment environment, CommonOptions common) : TrackerCommand(
    environment, common, "announce", "Ask the trackers who has it: connect, announce, and print the peers.",
    "ourtorrent announce album.torrent",
    "ourtorrent announce album.torrent --tracker udp://127.0.0.1:6969/announce --json")
{
    private const int PeersWanted = 200;
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task<bool> AskAsync(TrackerClient client, TrackedSwarm swarm, CommandRun run, CancellationToken cancellationToken)
    {
        // A tracker knows a peer by address and port. A port that is ours keeps this question from being taken for a client on
        // this machine that does share the torrent, and its farewell from taking that client off the list.
        using var held = new Socket(SocketType.Stream, ProtocolType.Tcp);
        held.Bind(new IPEndPoint(held.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0));
        var request = new AnnounceRequest
        {
            InfoHash = swarm.InfoHash,
            PeerId = OurPeerId.Create(RandomNumberGenerator.Create()),
            Port = ((IPEndPoint)held.LocalEndPoint!).Port,
            Left = swarm.Size,
            Event = AnnounceEvent.Started,
            NumWant = PeersWanted,
            Key = (uint)RandomNumberGenerator.GetInt32(int.MaxValue),
        };
        Answer[] answers;
        using (var line = new ProgressLine(run.Environment))
        {
            line.ShowNow($"Asking {Words.Count(swarm.Trackers.Count, "tracker")}...");
            answers = await Task.WhenAll(swarm.Trackers.Select(url => AskAsync(client, url, request, cancellationToken)));
            await SayFarewellAsync(client, answers, request, run.Environment.Time, cancellationToken);
        }

        AnnounceResult[] results = [.. answers.Select(answer => Describe(answer, request.Port))];
        if (run.Json)
        {
            run.PrintJson(results, TrackerJson.Readable.IReadOnlyListAnnounceResult);
        }
        else
        {
            for (int i = 0; i < results.Length; i++)
                run.Screen.Print(TableOf(answers[i], results[i]));
        }

        return Array.Exists(results, static result => result.Ok);
    }

    private static async Task<Answer> AskAsync(TrackerClient client, string url, AnnounceRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return new Answer(url, await client.AnnounceAsync(url, request, cancellationToken), null);
        }
        catch (TrackerException e)
        {
            return new Answer(url, null, e.Failure);
        }
    }

    // We asked, but share nothing: the trackers are told, so that nobody tries to connect.
    private static async Task SayFarewellAsync(
        TrackerClient client, Answer[] answers, AnnounceRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        AnnounceRequest farewell = request with { Event = AnnounceEvent.Stopped, NumWant = 0 };
        using var limit = new CancellationTokenSource(FarewellTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await Task.WhenAll(answers
                .Where(static answer => answer.Response is not null)
                .Select(answer => AskAsync(client, answer.Url, farewell, either.Token)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A tracker that does not hear it will forget us after its interval.
        }
    }

    private static AnnounceResult Describe(Answer answer, int ourPort) => answer.Response is { } response
        ? new AnnounceResult(
            answer.Url, true, null, (long)response.Interval.TotalSeconds, response.Seeders, response.Leechers,
            [.. response.Peers.Where(peer => peer.Port != ourPort).Select(static peer => peer.ToString())])
        : new AnnounceResult(answer.Url, false, answer.Failure?.Message, null, null, null, []);

    private static Table TableOf(Answer answer, AnnounceResult result)
    {
        var table = new Table("TRACKER " + Printable.Of(answer.Url));
        if (answer.Response is { } response)
        {
            table.Add("Connect", "successful connection");
            table.Add("Announce", $"asks again in {Duration.Format(response.Interval)}");
            table.Add("Seeders", Format(response.Seeders));
            table.Add("Leechers", Format(response.Leechers) + (response.Leechers > 0 ? " (this announce may be one of them)" : ""));
            if (response.Warning is { } warning)
                table.Add("Warning", warning);
            table.AddLines("Peers", result.Peers.DefaultIfEmpty("none"));
        }
        else if (answer.Failure?.Reason is TrackerFailureReason.Refused or TrackerFailureReason.InvalidResponse)
        {
            table.Add("Connect", "successful connection");
            table.Add("Announce", $"failed: {result.Error}");
        }
        else
        {
            table.Add("Connect", $"failed: {result.Error}");
        }

        return table;
    }

    private sealed record Answer(string Url, AnnounceResponse? Response, TrackerFailure? Failure);
}
