using OurTorrent.Protocol.Peers;
using OurTorrent.Resume;

namespace OurTorrent.Tests.Resume;

public sealed class ResumeFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ourtorrent-resume-").FullName;

    private string StateDirectory => Path.Combine(_directory, "state", "ourtorrent");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Nothing_saved_is_missing()
    {
        ResumeLoad load = Open().Load();

        Assert.Equal(ResumeStatus.Missing, load.Status);
        Assert.False(Directory.Exists(StateDirectory));
    }

    [Fact]
    public void What_is_saved_is_loaded_and_the_last_wins()
    {
        ResumeFile file = Open();
        file.Save(ResumeSamples.State(null, 1));
        file.Save(ResumeSamples.State(null, 1, 2));

        ResumeLoad load = Open().Load();

        Assert.Equal(ResumeStatus.Ok, load.Status);
        ResumeSamples.AssertSame(ResumeSamples.State(null, 1, 2), load.Saved?.State);
        Assert.Equal([file.FilePath], Directory.GetFiles(StateDirectory));
    }

    [Fact]
    public void What_a_crash_left_beside_the_file_changes_nothing()
    {
        ResumeFile file = Open();
        file.Save(ResumeSamples.State(null, 1));
        File.WriteAllBytes(file.FilePath + ".new", ResumeFormat.Write(ResumeSamples.State(null, 1, 2))[..50]);

        ResumeSamples.AssertSame(ResumeSamples.State(null, 1), Open().Load().Saved?.State);

        Open().Save(ResumeSamples.State(null, 1, 2, 3));
        ResumeSamples.AssertSame(ResumeSamples.State(null, 1, 2, 3), Open().Load().Saved?.State);
        Assert.Equal([file.FilePath], Directory.GetFiles(StateDirectory));
    }

    [Fact]
    public void A_crash_before_the_first_rename_leaves_nothing_saved()
    {
        ResumeFile file = Open();
        Directory.CreateDirectory(StateDirectory);
        File.WriteAllBytes(file.FilePath + ".new", ResumeFormat.Write(ResumeSamples.State()));

        Assert.Equal(ResumeStatus.Missing, file.Load().Status);
    }

    [Fact]
    public void A_save_that_fails_leaves_the_state_before()
    {
        ResumeFile file = Open();
        file.Save(ResumeSamples.State(null, 1));
        Directory.CreateDirectory(file.FilePath + ".new");

        Assert.ThrowsAny<Exception>(() => file.Save(ResumeSamples.State(null, 1, 2)));

        ResumeSamples.AssertSame(ResumeSamples.State(null, 1), file.Load().Saved?.State);
    }

    [Fact]
    public void A_file_that_is_not_one_of_ours_is_corrupt()
    {
        ResumeFile file = Open();
        Directory.CreateDirectory(StateDirectory);
        File.WriteAllText(file.FilePath, "hello");

        Assert.Equal(ResumeStatus.Corrupt, file.Load().Status);
    }

    [Fact]
    public void What_cannot_be_read_is_said_not_thrown()
    {
        ResumeFile file = Open();
        Directory.CreateDirectory(file.FilePath);

        ResumeLoad load = file.Load();

        Assert.Equal(ResumeStatus.Unreadable, load.Status);
        Assert.NotEmpty(load.Detail!);
    }

    [Fact]
    public void The_same_torrent_in_two_directories_has_two_files()
    {
        ResumeKey here = ResumeSamples.Key(directory: Path.Combine(_directory, "here"));
        ResumeKey there = ResumeSamples.Key(directory: Path.Combine(_directory, "there"));
        new ResumeFile(StateDirectory, here).Save(ResumeSamples.State(here, 1));
        new ResumeFile(StateDirectory, there).Save(ResumeSamples.State(there, 2));

        ResumeSamples.AssertSame(ResumeSamples.State(here, 1), new ResumeFile(StateDirectory, here).Load().Saved?.State);
        ResumeSamples.AssertSame(ResumeSamples.State(there, 2), new ResumeFile(StateDirectory, there).Load().Saved?.State);
    }

    [Fact]
    public void A_directory_is_the_same_however_its_path_is_written()
    {
        string path = Path.Combine(_directory, "here");
        string roundabout = Path.Combine(_directory, "x", "..", "here") + Path.DirectorySeparatorChar;

        Assert.Equal(ResumeSamples.Key(directory: path), ResumeSamples.Key(directory: roundabout));
        Assert.Equal(ResumeSamples.Key(directory: path).FileName, ResumeSamples.Key(directory: roundabout).FileName);
        Assert.StartsWith($"{ResumeSamples.V1.Wire}-", ResumeSamples.Key(directory: path).FileName, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_moved_to_the_name_of_another_directory_is_not_taken_for_it()
    {
        ResumeKey here = ResumeSamples.Key(directory: Path.Combine(_directory, "here"));
        ResumeKey there = ResumeSamples.Key(directory: Path.Combine(_directory, "there"));
        var file = new ResumeFile(StateDirectory, here);
        file.Save(ResumeSamples.State(here, 1));
        var other = new ResumeFile(StateDirectory, there);
        File.Move(file.FilePath, other.FilePath);

        Assert.Equal(ResumeStatus.OtherTorrent, other.Load().Status);
    }

    [Fact]
    public void Pieces_noted_after_a_save_are_loaded_with_it()
    {
        ResumeFile file = Open();
        file.Save(ResumeSamples.State(null, 1));
        file.Note(ResumeSamples.Run, 4, 5);
        file.Note(ResumeSamples.Run, 5, 7);
        file.Note(ResumeSamples.Run);

        ResumeLoad load = Open().Load();

        ResumeSamples.AssertSame(ResumeSamples.State(null, 1), load.Saved?.State);
        Assert.Equal([4, 5, 7], load.Saved!.Journal);
    }

    [Fact]
    public void A_save_keeps_only_what_was_noted_after_its_state_was_taken()
    {
        ResumeFile file = Open();
        file.Note(ResumeSamples.Run, 4, 5);
        ResumeState taken = ResumeSamples.State(null, 4, 5);
        file.Note(ResumeSamples.Run, 6);
        file.Save(taken);

        Assert.Equal([6], Open().Load().Saved!.Journal);

        file.Save(ResumeSamples.State(null, 4, 5, 6));
        Assert.Empty(Open().Load().Saved!.Journal);
        Assert.Equal([file.FilePath], Directory.GetFiles(StateDirectory));
    }

    [Fact]
    public void A_torn_or_senseless_journal_costs_only_its_bad_entries()
    {
        ResumeFile file = Open();
        file.Save(ResumeSamples.State(null, 1));
        file.Note(ResumeSamples.Run, 4);
        string journal = Path.ChangeExtension(file.FilePath, ".journal");
        File.AppendAllBytes(journal, [0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4, 0, 0, 0, 10, 1, 2, 3, 4, 0, 0, 0, 6, 1, 2, 3, 4, 0, 0]);

        Assert.Equal([6], file.Load().Saved!.Strays);
        Assert.Equal([4], file.Load().Saved!.Journal);

        file.Note(ResumeSamples.Run, 7);
        Assert.Equal([4, 7], file.Load().Saved!.Journal);
    }

    [Fact]
    public void Notes_for_another_run_are_strays_until_the_next_save()
    {
        ResumeFile file = Open();
        file.Save(ResumeSamples.State(null, 1));
        file.Note(ResumeSamples.Run, 4);
        file.Note(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 5, 4);

        Assert.Equal([4], file.Load().Saved!.Journal);
        Assert.Equal([5], file.Load().Saved!.Strays);

        file.Save(ResumeSamples.State(null, 1));

        Assert.Equal([4], file.Load().Saved!.Journal);
        Assert.Empty(file.Load().Saved!.Strays);
    }

    [Fact]
    public void A_deleted_state_is_gone_whole()
    {
        ResumeFile file = Open();
        file.Delete();
        file.Save(ResumeSamples.State(null, 1));
        file.Note(ResumeSamples.Run, 4);
        File.WriteAllText(file.FilePath + ".new", "left");
        File.WriteAllText(file.LedgerPath, "left");

        file.Delete();

        Assert.Empty(Directory.GetFiles(StateDirectory));
        Assert.Equal(ResumeStatus.Missing, file.Load().Status);
    }

    [Fact]
    public void Only_the_user_can_read_the_state()
    {
        ResumeFile file = Open();
        file.Save(ResumeSamples.State(null, 1));

        // On Windows the directory of the profile sees to it.
        if (OperatingSystem.IsWindows())
            return;

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.FilePath));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(StateDirectory));
    }

    [Fact]
    public async Task Saves_and_notes_from_many_threads_lose_no_piece()
    {
        const int PieceCount = 400;
        ResumeKey key = ResumeSamples.Key(PieceCount);
        var file = new ResumeFile(StateDirectory, key);
        Bitfield verified = new(PieceCount);
        file.Save(ResumeSamples.State(key));

        Task[] notes =
        [
            .. Enumerable.Range(0, 4).Select(worker => Task.Run(
                () =>
                {
                    for (int piece = worker; piece < PieceCount; piece += 4)
                    {
                        file.Note(ResumeSamples.Run, piece);
                        lock (verified)
                            verified.Add(piece);
                    }
                },
                TestContext.Current.CancellationToken)),
        ];
        while (!Task.WhenAll(notes).IsCompleted)
        {
            Bitfield snapshot;
            lock (verified)
                snapshot = verified.Clone();
            file.Save(ResumeSamples.State(key) with { Verified = snapshot });
        }

        await Task.WhenAll(notes);
        ResumeLoad load = file.Load();
        Assert.Equal(Enumerable.Range(0, PieceCount), ResumeSamples.Members(load.Saved!.State.Verified).Concat(load.Saved!.Journal).Order());
    }

    private ResumeFile Open() => new(StateDirectory, ResumeSamples.Key());
}
