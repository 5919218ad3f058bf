using OurTorrent.Crash.Contents;
using OurTorrent.Crash.Peers;
using OurTorrent.Crash.Programs;

namespace OurTorrent.Crash.Changes;

/// <summary>Files that somebody changes between two runs, or after a kill: noticed, mended, and nothing else fetched or hashed.</summary>
public sealed class ChangedFileTests : CrashTest
{
    /// <summary>What is done to the second file, and how much has to be fetched again of it.</summary>
    public static TheoryData<string, int> Changes => new()
    {
        { "a byte altered", 1 },
        { "a byte altered, and its time set back", 1 },
        { "cut to half", 8 },
        { "removed", 16 },
        { "replaced by another of the same length", 16 },
        { "replaced by a copy", 0 },
        { "touched", 0 },
        { "hidden from others", 0 },
    };

    private string Victim => SharedContent.PathIn(Download, 1);

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_file_changed_after_a_clean_end_is_noticed_and_mended(string change, int pieces)
    {
        await GetAllAsync();
        long sent = Seed.BytesSent;
        Change(change);

        await using (RunningCommand command = RunningCommand.Get(State, Content.Torrent, Download, Seed.AsPeer))
        {
            await AssertHashedAsync(command, change, HashedOf(change));
            (int exitCode, _) = await command.EndAsync();
            Assert.True(exitCode == 0, command.Errors);
        }

        Content.AssertIn(Download);
        Assert.Equal(pieces * PieceLength, Seed.BytesSent - sent);
        await AssertNothingIsHashedAsync();
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_file_changed_after_a_kill_is_noticed_and_mended(string change, int pieces)
    {
        // Seeding goes on, so that the process is there to be killed when everything is.
        await using (RunningCommand command = RunningCommand.Get(
            State, Content.Torrent, Download, [.. Seed.AsPeer, "--seed-time", "60"]))
        {
            await command.ReadAsync("downloaded");
            await Patience.UntilAsync(IsAllSaved, () => "the state was not saved");
            await command.KillAsync();
        }

        long sent = Seed.BytesSent;
        Change(change);
        await using (RunningCommand command = RunningCommand.Get(State, Content.Torrent, Download, Seed.AsPeer))
        {
            await AssertHashedAsync(command, change, HashedOf(change));
            (int exitCode, _) = await command.EndAsync();
            Assert.True(exitCode == 0, command.Errors);
        }

        Content.AssertIn(Download);
        Assert.Equal(pieces * PieceLength, Seed.BytesSent - sent);
        await AssertNothingIsHashedAsync();
    }

    [Fact]
    public async Task A_file_changed_after_a_kill_in_the_middle_of_the_download_has_only_its_own_pieces_hashed()
    {
        await using (RunningCommand command = RunningCommand.Get(
            State, Content.Torrent, Download, [.. Seed.AsPeer, "--sequential", "--download-limit", "2M"]))
        {
            await Patience.UntilAsync(() => NotedPieces() >= 30, () => $"{NotedPieces()} pieces were noted");
            await command.KillAsync();
        }

        (bool[] before, long hashedBefore) = await AskAsync();
        Alter(Victim);
        (bool[] after, long hashed) = await AskAsync();

        // The second file holds pieces 16 to 31; the byte was in the middle.
        int known = before[16..32].Count(has => has);
        Assert.True(before[24], $"{known} pieces of the second file were known, and not the one that was altered.");
        Assert.Equal(known - 1, after[16..32].Count(has => has));
        Assert.Equal(before[..16], after[..16]);
        Assert.Equal(before[32..], after[32..]);
        if (OperatingSystem.IsLinux())
            Assert.Equal((0, known * PieceLength), (hashedBefore, hashed));

        await GetAllAsync();
    }

    /// <summary>Starts without a peer, asks over the wire what is there, and kills.</summary>
    private async Task<(bool[] Pieces, long Hashed)> AskAsync()
    {
        await using RunningCommand command = RunningCommand.Get(State, Content.Torrent, Download);
        int port = (await command.ReadAsync("listening")).Port!.Value;
        long hashed = (await command.ReadAsync("checked")).BytesHashed!.Value;
        return (await AdvertisedPieces.AskAsync(port, Content.Metainfo), hashed);
    }

    private long NotedPieces() => !Directory.Exists(State)
        ? 0
        : Directory.GetFiles(State, "*.journal", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length) / 8;

    private bool IsAllSaved()
    {
        byte[] all = [.. "6:pieces6:"u8, .. Enumerable.Repeat((byte)0xff, 6)];
        return Directory.GetFiles(State, "*.resume", SearchOption.AllDirectories)
            .Any(path => File.ReadAllBytes(path).AsSpan().IndexOf(all) >= 0);
    }

    private static async Task AssertHashedAsync(RunningCommand command, string change, long hashed)
    {
        long? actual = (await command.ReadAsync("checked")).BytesHashed;
        if (OperatingSystem.IsLinux())
            Assert.True(actual == hashed, $"{change}: {actual} bytes were hashed, not {hashed}.");
    }

    /// <summary>The pieces of the file, also those it shares with its neighbour; what is beyond its end is not there to be hashed.</summary>
    private static long HashedOf(string change) => PieceLength * (long)(change switch
    {
        "removed" or "hidden from others" => 0,
        "cut to half" => 8,
        _ => 16,
    });

    private async Task AssertNothingIsHashedAsync()
    {
        await using RunningCommand command = RunningCommand.Get(State, Content.Torrent, Download, Seed.AsPeer);
        Assert.Equal(0, (await command.ReadAsync("checked")).BytesHashed);
        Assert.Equal(0, (await command.EndAsync()).ExitCode);
    }

    private void Change(string change)
    {
        string path = Victim;
        switch (change)
        {
            case "a byte altered":
                Alter(path);
                break;
            case "a byte altered, and its time set back":
                DateTime time = File.GetLastWriteTimeUtc(path);
                Alter(path);
                File.SetLastWriteTimeUtc(path, time);
                break;
            case "cut to half":
                using (FileStream file = File.OpenWrite(path))
                    file.SetLength(file.Length / 2);
                break;
            case "removed":
                File.Delete(path);
                break;
            case "replaced by another of the same length":
                File.WriteAllBytes(path + ".new", new byte[new FileInfo(path).Length]);
                File.Move(path + ".new", path, overwrite: true);
                break;
            case "replaced by a copy":
                File.WriteAllBytes(path + ".new", File.ReadAllBytes(path));
                File.Move(path + ".new", path, overwrite: true);
                break;
            case "touched":
                File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path) + TimeSpan.FromSeconds(1));
                break;
            default:
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(path, File.GetUnixFileMode(path) ^ UnixFileMode.OtherRead);
                break;
        }
    }

    private static void Alter(string path)
    {
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = file.Length / 2;
        int value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
    }
}
