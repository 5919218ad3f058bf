using OurTorrent.Trackers;

namespace OurTorrent.Tests.Trackers;

public sealed class RequestLinesTests
{
    private readonly RequestLines _lines = new(width: 2);
    private readonly List<string> _begun = [];

    [Fact]
    public void As_many_as_may_are_begun_and_the_others_as_these_end_in_the_order_they_came()
    {
        foreach (string name in new[] { "a1", "a2", "a3", "a4" })
            Enter("a", name);
        Assert.Equal(["a1", "a2"], _begun);

        _lines.Leave("a");
        Assert.Equal(["a1", "a2", "a3"], _begun);
        _lines.Leave("A");
        Assert.Equal(["a1", "a2", "a3", "a4"], _begun);
    }

    [Fact]
    public void One_host_does_not_hold_up_another()
    {
        foreach (string name in new[] { "a1", "a2", "a3" })
            Enter("a", name);
        Enter("b", "b1");
        Assert.Equal(["a1", "a2", "b1"], _begun);
    }

    [Fact]
    public void What_is_not_wanted_any_more_takes_no_place()
    {
        Enter("a", "a1");
        Enter("a", "a2");
        _lines.Enter("a", static () => false);
        Enter("a", "a3");
        _lines.Leave("a");
        Assert.Equal(["a1", "a2", "a3"], _begun);
    }

    [Fact]
    public void A_host_that_was_left_by_all_begins_anew()
    {
        for (int i = 0; i < 5; i++)
        {
            Enter("a", "a");
            _lines.Leave("a");
        }

        Assert.Equal(5, _begun.Count);
    }

    private void Enter(string host, string name) => _lines.Enter(host, () =>
    {
        _begun.Add(name);
        return true;
    });
}
