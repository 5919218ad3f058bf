using OurTorrent.Crash.Contents;
using OurTorrent.Crash.Peers;
using OurTorrent.Crash.Programs;

namespace OurTorrent.Crash.Kills;

/// <summary>
/// Kills the program (SIGKILL) at random moments through one download, until it has it all. <c>tests/kill 100</c> does so a hundred times.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int PieceLength = 256 * 1024;

    // Of a file that lasts: several times what the kills and starts between take.
    private const long Rate = 200 * 1024 * 1024;

    // What a killed process may have had and lost: blocks it had asked for, at most 2,000 of one peer, of which the seed has sent what
    // fits into the sockets, and what of them had made up no whole piece; and pieces that were whole for less than 10 ms.
    private const long MostInFlight = (2000 * 16 * 1024) + (Rate / 100);

    // A single kill may fall into a moment in which the machine gave the thread that notes no time for a quarter of a second.
    private const long MostLostAtOnce = MostInFlight + (Rate / 4);

    private readonly TemporaryFolder _folder = new();
    private readonly KillPlan _plan = KillPlan.OfEnvironment();
    private readonly ITestOutputHelper _output = TestContext.Current.TestOutputHelper!;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_download_that_is_killed_again_and_again_loses_no_more_than_was_in_flight_and_claims_nothing_false()
    {
        _output.WriteLine($"{_plan}");
        var random = new Random(_plan.Seed);
        SharedContent content = await SharedContent.CreateAsync(_folder["seed"], PieceLength, _plan.Length / PieceLength * PieceLength);
        await using LoopbackSeed seed = await LoopbackSeed.StartAsync(content, _folder["seed-state"], Rate);
        int doubted = 0;
        var lostBefore = new bool[content.Metainfo.PieceCount];
        for (int kill = 1; kill <= _plan.Kills; kill++)
        {
            await KillOnceAsync(content, seed, random, _plan.Kills - kill + 1);
            StartReport start = await LookAtNextStartAsync(content, lostBefore);
            _output.WriteLine($"Kill {kill}: {start}, {seed.BytesSent} bytes sent.");
            Assert.True(start.False == 0, $"Kill {kill}: {start.False} pieces are claimed that are not there.");
            Assert.True(start.Lost * (long)PieceLength <= MostLostAtOnce, $"Kill {kill}: {start.Lost} more pieces were there and are not known of.");

            // A write that was held up between its note and its time leaves it open who has written; then, and only then, is it hashed.
            Assert.True(start.BytesHashed <= (long)start.Good * PieceLength + MostInFlight, $"Kill {kill}: more was hashed than there was.");
            doubted += start.BytesHashed > 0 ? 1 : 0;
        }

        await using RunningCommand last = RunningCommand.Get(_folder["state"], content.Torrent, _folder["download"], seed.AsPeer);
        (int exitCode, _) = await last.EndAsync();
        Assert.Equal(0, exitCode);
        content.AssertIn(_folder["download"]);
        long again = seed.BytesSent - content.Length;
        _output.WriteLine($"{_plan.Kills} kills: {again} bytes of {content.Length} were sent again; {doubted} starts hashed anything.");
        Assert.InRange(again, 0, _plan.Kills * MostInFlight);

        // One in thirty on an idle machine, one in five on one that is busy with ten other things.
        if (OperatingSystem.IsLinux())
            Assert.InRange(doubted, 0, _plan.Kills * 3 / 4);
    }

    /// <summary>Downloads for a while, and kills.</summary>
    private async Task KillOnceAsync(SharedContent content, LoopbackSeed seed, Random random, int killsLeft)
    {
        // By what has come rather than by time, so that the kills are spread over the download on any machine; some fall into the start.
        long left = Math.Max(0, content.Length - seed.BytesSent);
        long until = seed.BytesSent + (long)(random.NextDouble() * 1.8 * left / (killsLeft + 1));
        bool inStart = random.Next(5) == 0;
        TimeSpan wait = TimeSpan.FromMilliseconds(random.NextDouble() * (inStart ? 60 : 10));
        await using RunningCommand command = RunningCommand.Get(_folder["state"], content.Torrent, _folder["download"], seed.AsPeer);
        if (!inStart)
            await Patience.UntilAsync(() => seed.BytesSent >= until || command.HasEnded, () => $"{seed.BytesSent} of {until} bytes were sent");
        await Task.Delay(wait, TimeProvider.System, TestContext.Current.CancellationToken);
        await command.KillAsync();
    }

    /// <summary>Starts with a copy of the state and no peer, and has it say over the wire what it has; on disk is looked by other means.</summary>
    private async Task<StartReport> LookAtNextStartAsync(SharedContent content, bool[] lostBefore)
    {
        string copy = _folder["state-copy"];
        CopyState(_folder["state"], copy);
        await using RunningCommand probe = RunningCommand.Get(copy, content.Torrent, _folder["download"]);
        int port = (await probe.ReadAsync("listening")).Port!.Value;
        long hashed = (await probe.ReadAsync("checked")).BytesHashed!.Value;
        bool[] claimed = await AdvertisedPieces.AskAsync(port, content.Metainfo);
        await probe.KillAsync();
        Directory.Delete(copy, recursive: true);

        bool[] good = content.GoodPiecesIn(_folder["download"]);
        bool[] lost = [.. good.Zip(claimed).Select(piece => piece.First && !piece.Second)];
        int newlyLost = lost.Zip(lostBefore).Count(piece => piece.First && !piece.Second);
        lost.CopyTo(lostBefore, 0);
        return new StartReport(
            good.Count(piece => piece),
            newlyLost,
            False: good.Zip(claimed).Count(piece => !piece.First && piece.Second),
            hashed);
    }

    private static void CopyState(string from, string to)
    {
        Directory.CreateDirectory(to);
        if (!Directory.Exists(from))
            return;
        foreach (string path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }

    /// <summary>What a start after a kill found.</summary>
    /// <param name="Good">Pieces that are on disk, whole and right.</param>
    /// <param name="Lost">Those of them the program does not know of, and did know of or had not fetched before this kill.</param>
    /// <param name="False">Pieces it claims that are not on disk.</param>
    /// <param name="BytesHashed">What it hashed to know.</param>
    private sealed record StartReport(int Good, int Lost, int False, long BytesHashed);
}
