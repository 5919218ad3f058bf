using CsCheck;
using OurTorrent.Resume;
using OurTorrent.Storage;

namespace OurTorrent.Tests.Resume;

public sealed class ResumeValidationTests
{
    // Ten pieces; the fifth piece holds the end of the first file and the beginning of the second.
    private static readonly FileExtent[] Files = [new(0, 5), new(4, 10)];
    private static readonly FileStamp Old = new(1000, ResumeSamples.Now - TimeSpan.FromMinutes(1)) { Mark = new(1_234_567, 7, Mount: 3) };
    private static readonly FileStamp Touched =
        Old with { Modified = ResumeSamples.Now + TimeSpan.FromMilliseconds(1.5), Mark = new(7_654_321, 7, Mount: 3) };
    private static readonly FileStamp Shorter = Old with { Length = 900 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_nobody_touched_is_trusted_without_hashing(bool clean)
    {
        AssertVerdict(Judge(clean, [0, 4, 9], [], Old, Old), trusted: [0, 4, 9], recheck: []);
    }

    [Fact]
    public void After_an_unclean_end_only_recorded_pieces_of_files_written_since_are_hashed_again()
    {
        AssertVerdict(Judge(clean: false, [0, 4, 9], [], Old, Touched), trusted: [0], recheck: [4, 9]);
    }

    [Fact]
    public void After_a_clean_end_a_file_somebody_wrote_to_is_hashed_whole()
    {
        AssertVerdict(Judge(clean: true, [0, 4, 9], [], Old, Touched), trusted: [0], recheck: [4, 5, 6, 7, 8, 9]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_cut_short_is_not_trusted_even_when_its_time_is_the_same(bool clean)
    {
        ResumeVerdict verdict = Judge(clean, [0, 1, 4, 9], [], Shorter, Old);

        Assert.Equal([9], ResumeSamples.Members(verdict.Trusted));
        Assert.Subset(ResumeSamples.Members(verdict.Recheck).ToHashSet(), new HashSet<int> { 0, 1, 4 });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_is_gone_takes_its_pieces_with_it(bool clean)
    {
        AssertVerdict(Judge(clean, [0, 4, 9], [5], Old, null), trusted: [0], recheck: []);
    }

    [Fact]
    public void A_file_that_was_not_there_when_saved_is_hashed()
    {
        ResumeState state = ResumeSamples.State(ResumeSamples.Key(), 0) with { Stamps = [Old, null] };

        AssertVerdict(ResumeValidation.Judge(new(state, [6], []), Files, [Old, Touched], null), trusted: [0], recheck: [6]);
        AssertVerdict(
            ResumeValidation.Judge(new(state with { IsClean = true }, [], []), Files, [Old, Touched], null), trusted: [0], recheck: [4, 5, 6, 7, 8, 9]);
    }

    [Fact]
    public void Pieces_of_the_journal_are_hashed_even_in_a_file_that_looks_untouched()
    {
        AssertVerdict(Judge(clean: false, [0], [1, 7, 0], Old, Old), trusted: [0], recheck: [1, 7]);
    }

    [Fact]
    public void Where_the_clock_is_coarse_a_file_written_just_before_the_save_is_hashed()
    {
        DateTimeOffset savedAt = ResumeSamples.Now;
        var wholeSecond = new DateTimeOffset(savedAt.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
        var recent = new FileStamp(1000, wholeSecond);
        var settled = new FileStamp(1000, wholeSecond - TimeSpan.FromSeconds(5));
        var fine = new FileStamp(1000, savedAt - TimeSpan.FromMilliseconds(10));

        AssertVerdict(Judge(clean: true, [0, 9], [], recent, fine), trusted: [9], recheck: [0]);
        AssertVerdict(Judge(clean: true, [0, 9], [], settled, fine), trusted: [0, 9], recheck: []);
    }

    [Fact]
    public void Where_the_clock_is_coarse_a_state_saved_at_the_beginning_of_time_is_judged_as_well()
    {
        var wholeSecond = new FileStamp(1000, DateTimeOffset.UnixEpoch);
        ResumeState state = ResumeSamples.State(ResumeSamples.Key(), 0) with { SavedAt = DateTimeOffset.MinValue, Stamps = [wholeSecond, wholeSecond] };

        AssertVerdict(ResumeValidation.Judge(new(state, [], []), Files, [wholeSecond, wholeSecond], null), trusted: [], recheck: [0]);
    }

    [Fact]
    public void Padding_and_empty_files_hold_no_pieces()
    {
        ResumeState state = ResumeSamples.State(ResumeSamples.Key(files: 3), 0, 9) with { Stamps = [Old, null, Old] };

        ResumeVerdict verdict = ResumeValidation.Judge(new(state, [], []), [new(0, 5), new(5, 5), new(5, 10)], [Old, null, Old], null);

        AssertVerdict(verdict, trusted: [0, 9], recheck: []);
    }

    [Fact]
    public void Only_recorded_pieces_of_untouched_files_are_ever_trusted()
    {
        Gen<FileStamp?> stamp = Gen.OneOf<FileStamp?>(null, Old, Touched, Shorter);
        Gen.Select(Gen.Bool, Gen.Bool.Array[10], Gen.Int[0, 9].Array[0, 5], stamp.Array[4]).Sample((clean, recorded, journal, stamps) =>
        {
            int[] verified = [.. Enumerable.Range(0, 10).Where(piece => recorded[piece])];
            ResumeState state = ResumeSamples.State(ResumeSamples.Key(), verified) with { IsClean = clean, Stamps = stamps[..2] };

            ResumeVerdict verdict = ResumeValidation.Judge(new(state, journal, []), Files, stamps[2..], null);

            for (int piece = 0; piece < 10; piece++)
            {
                FileStamp?[] saved = [.. Enumerable.Range(0, 2).Where(f => Holds(f, piece)).Select(f => stamps[f])];
                FileStamp?[] now = [.. Enumerable.Range(0, 2).Where(f => Holds(f, piece)).Select(f => stamps[f + 2])];
                bool there = !now.Contains(null);
                bool untouched = there && saved.SequenceEqual(now);
                Assert.Equal(recorded[piece] && untouched, verdict.Trusted[piece]);
                bool known = recorded[piece] || journal.Contains(piece);
                bool expected = there && !verdict.Trusted[piece] && (known || (clean && !untouched));
                Assert.Equal(expected, verdict.Recheck[piece]);
            }
        });

        static bool Holds(int file, int piece) => piece >= Files[file].FirstPiece && piece < Files[file].EndPiece;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_time_that_was_set_back_is_noticed_by_the_time_of_the_change(bool clean)
    {
        FileStamp setBack = Old with { Mark = Old.Mark with { Changed = 9_999_999 } };
        ResumeState state = ResumeSamples.State(ResumeSamples.Key(), 0, 9) with { IsClean = clean, Stamps = [Old, Old] };

        ResumeVerdict verdict = ResumeValidation.Judge(new(state, [], []), Files, [Old, setBack], null);

        Assert.Equal([0], ResumeSamples.Members(verdict.Trusted));
        Assert.Contains(9, ResumeSamples.Members(verdict.Recheck));
    }

    [Fact]
    public void Another_link_or_owner_is_no_change_of_the_content()
    {
        FileStamp linked = Old with { Mark = Old.Mark with { Changed = 9_999_999, Attributes = 8 } };
        ResumeState state = ResumeSamples.State(ResumeSamples.Key(), 0, 9) with { IsClean = true, Stamps = [Old, Old] };

        AssertVerdict(ResumeValidation.Judge(new(state, [], []), Files, [Old, linked], null), trusted: [0, 9], recheck: []);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_only_we_have_written_to_is_trusted_with_its_journal(bool clean)
    {
        // Clean: killed before the state could be saved as that of a run which writes.
        ResumeState state = ResumeSamples.State(ResumeSamples.Key(), 0, 9) with { IsClean = clean, Stamps = [Old, Old] };
        LedgerEntry[] ledger = [default, new(Begun: 0, Touched.Mark.Changed, Touched.Mark.Mount)];

        ResumeVerdict verdict = ResumeValidation.Judge(new(state, [4, 6, 7], [8]), Files, [Old, Touched], ledger);

        // The fourth piece is in a file that nobody has written to: so it cannot have been verified there.
        AssertVerdict(verdict, trusted: [0, 6, 7, 9], recheck: [4, 8]);
        Assert.Equal([1], verdict.Unflushed);
    }

    [Fact]
    public void What_somebody_wrote_to_after_us_is_hashed()
    {
        ResumeState state = ResumeSamples.State(ResumeSamples.Key(), 0, 9) with { Stamps = [Old, Old] };
        LedgerEntry[] ledger = [default, new(Begun: 0, Touched.Mark.Changed - 1, Touched.Mark.Mount)];

        AssertVerdict(
            ResumeValidation.Judge(new(state, [6], []), Files, [Old, Touched], ledger), trusted: [0], recheck: [6, 9]);
    }

    private static ResumeVerdict Judge(bool clean, int[] verified, int[] journal, params FileStamp?[] now)
    {
        // What is on disk now is what was saved, but for what the test says somebody did.
        FileStamp?[] saved = [.. now.Select(stamp => stamp is null || stamp == Touched || stamp == Shorter ? Old : stamp)];
        ResumeState state = ResumeSamples.State(ResumeSamples.Key(), verified) with { IsClean = clean, Stamps = saved };
        return ResumeValidation.Judge(new(state, journal, []), Files, now, null);
    }

    private static void AssertVerdict(ResumeVerdict verdict, int[] trusted, int[] recheck)
    {
        Assert.Equal(trusted, ResumeSamples.Members(verdict.Trusted));
        Assert.Equal(recheck, ResumeSamples.Members(verdict.Recheck));
    }
}
