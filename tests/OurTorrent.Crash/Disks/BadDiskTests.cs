using OurTorrent.Crash.Contents;
using OurTorrent.Crash.Programs;

namespace OurTorrent.Crash.Disks;

/// <summary>Disks that fill, refuse and vanish: each is said so that one can act, with the right exit code, and then the same command finishes.</summary>
public sealed class BadDiskTests : CrashTest
{
    private MountedDisk? _disk;

    private protected override string Download => PathOf("disk");

    private protected override async ValueTask CleanUpAsync()
    {
        if (_disk is not null)
            await _disk.UnmountAsync();
    }

    [Fact]
    public async Task A_disk_that_fills_stops_the_download_and_with_room_the_same_command_finishes()
    {
        // Room for little more than half.
        _disk = await MountedDisk.MountAsync(Download, Content.Length * 5 / 8);

        (int exitCode, TransferLine last, string errors) = await GetAsync();

        Assert.Equal((5, "error", 5), (exitCode, last.Event, last.ExitCode));
        Assert.Contains("the disk is full", last.Message, StringComparison.Ordinal);
        Assert.Contains("Make room", last.Message, StringComparison.Ordinal);
        Assert.Contains(Download, last.Message, StringComparison.Ordinal);
        Assert.Contains("are still missing", last.Message, StringComparison.Ordinal);
        Assert.Contains($"3 MB are still to come, and \"{Download}\" has only 1.9 MB free.", errors, StringComparison.Ordinal);
        long kept = last.BytesCompleted!.Value;
        Assert.Equal(kept, Content.GoodPiecesIn(Download).Count(good => good) * (long)PieceLength);
        Assert.InRange(kept, 16 * PieceLength, 31 * PieceLength);

        await _disk.ResizeAsync(Content.Length * 2);
        await AssertFinishesAsync(kept);
    }

    [Fact]
    public async Task A_disk_that_may_only_be_read_is_said_to_be_so_and_when_it_may_be_written_the_same_command_finishes()
    {
        _disk = await MountedDisk.MountAsync(Download, Content.Length * 2);
        await _disk.SetReadOnlyAsync(true);

        (int exitCode, TransferLine last, _) = await GetAsync();

        Assert.Equal((5, "error", 5), (exitCode, last.Event, last.ExitCode));
        Assert.Contains("Read-only file system", last.Message, StringComparison.Ordinal);
        Assert.Contains("Allow writing there, or choose another folder.", last.Message, StringComparison.Ordinal);

        await _disk.SetReadOnlyAsync(false);
        await AssertFinishesAsync(0);
    }

    [Fact]
    public async Task A_file_that_may_not_be_written_is_named_and_once_it_may_the_same_command_finishes()
    {
        _disk = await MountedDisk.MountAsync(Download, Content.Length * 2);
        string path = SharedContent.PathIn(Download, 1);
        Directory.CreateDirectory(path);

        (int exitCode, TransferLine last, _) = await GetAsync();

        Assert.Equal((5, "error", 5), (exitCode, last.Event, last.ExitCode));
        Assert.Contains($"\"{path}\" is a folder where the content needs a file.", last.Message, StringComparison.Ordinal);

        Directory.Delete(path);
        await GetAllAsync();
    }

    [Fact]
    public async Task A_folder_that_is_a_file_is_named()
    {
        File.WriteAllText(Download, "");

        (int exitCode, TransferLine last, _) = await GetAsync();

        Assert.Equal((5, "error", 5), (exitCode, last.Event, last.ExitCode));
        Assert.Contains($"\"{Download}\" is a file where the content needs a folder.", last.Message, StringComparison.Ordinal);
        File.Delete(Download);
        await GetAllAsync();
    }

    [Fact]
    public async Task A_folder_removed_while_the_program_runs_ends_the_download_and_the_same_command_fetches_it_anew()
    {
        await using (RunningCommand command = RunningCommand.Get(
            State, Content.Torrent, Download, [.. Seed.AsPeer, "--download-limit", "1M"]))
        {
            await Patience.UntilAsync(() => File.Exists(SharedContent.PathIn(Download, 0)), () => "nothing was written");
            Directory.Delete(Download, recursive: true);
            (int exitCode, string line) = await command.EndAsync();
            TransferLine last = TransferLine.Parse(line);
            Assert.Equal((5, "error", 5), (exitCode, last.Event, last.ExitCode));
            Assert.Contains(Download, last.Message, StringComparison.Ordinal);
            Assert.Contains("tart again to fetch it", last.Message, StringComparison.Ordinal);
        }

        await GetAllAsync();
    }

    [Fact]
    public async Task A_disk_that_vanishes_after_a_kill_and_comes_back_is_not_taken_for_what_it_was()
    {
        _disk = await MountedDisk.MountAsync(Download, Content.Length * 2);
        await using (RunningCommand command = RunningCommand.Get(State, Content.Torrent, Download, [.. Seed.AsPeer, "--seed-time", "60"]))
        {
            await command.ReadAsync("downloaded");
            await command.KillAsync();
        }

        await _disk.UnmountAsync();
        _disk = await MountedDisk.MountAsync(Download, Content.Length * 2);
        await GetAllAsync();
    }

    private async Task AssertFinishesAsync(long kept)
    {
        long sent = Seed.BytesSent;
        await using RunningCommand command = RunningCommand.Get(State, Content.Torrent, Download, Seed.AsPeer);
        Assert.Equal(0, (await command.ReadAsync("checked")).BytesHashed);
        Assert.True((await command.EndAsync()).ExitCode == 0, command.Errors);
        Content.AssertIn(Download);
        Assert.Equal(Content.Length - kept, Seed.BytesSent - sent);
    }
}
