using OurTorrent.Storage;

namespace OurTorrent.Tests.Storage;

public sealed class LedgerEntryTests
{
    private const long Time = 638_000_000_001_234_567;
    private const long Millisecond = TimeSpan.TicksPerMillisecond;
    private static readonly LedgerEntry Idle = new(Begun: 0, Time, Mount: 3);
    private static readonly LedgerEntry Writing = Idle with { Begun = Time + (100 * Millisecond) };

    [Fact]
    public void An_entry_is_read_as_it_was_written()
    {
        Span<byte> bytes = stackalloc byte[LedgerEntry.Length];
        Writing.Write(bytes);
        Assert.Equal(Writing, LedgerEntry.Read(bytes));
    }

    [Fact]
    public void A_file_is_as_we_left_it_when_its_last_change_is_the_one_after_our_last_write()
    {
        Assert.True(Idle.Explains(At(Time)));
        Assert.False(Idle.Explains(At(Time + 1)));
        Assert.False(Idle.Explains(At(Time - 1)));
    }

    [Theory]
    [InlineData(-19, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(-21, false)]
    public void A_write_we_were_killed_in_explains_a_change_in_the_moment_it_began(int milliseconds, bool explained)
    {
        Assert.Equal(explained, Writing.Explains(At(Writing.Begun + (milliseconds * Millisecond))));
    }

    [Fact]
    public void A_write_that_has_not_begun_to_change_anything_leaves_the_change_before()
    {
        Assert.True(Writing.Explains(At(Time)));
    }

    [Fact]
    public void Nothing_is_known_of_a_file_before_our_first_write_on_another_mount_or_without_a_clock()
    {
        Assert.False(default(LedgerEntry).Explains(default));
        Assert.False((Writing with { Changed = 0 }).Explains(At(Writing.Begun)));
        Assert.False(Idle.Explains(At(Time) with { Mount = 4 }));
        long wholeSecond = Time - (Time % TimeSpan.TicksPerSecond);
        Assert.False((Idle with { Changed = wholeSecond }).Explains(At(wholeSecond)));
    }

    private static FileMark At(long changed) => new(changed, Attributes: 7, Mount: 3);
}
