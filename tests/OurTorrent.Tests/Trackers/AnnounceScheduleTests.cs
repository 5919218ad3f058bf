using OurTorrent.Protocol.Trackers;
using OurTorrent.Trackers;

namespace OurTorrent.Tests.Trackers;

public sealed class AnnounceScheduleTests
{
    private const string A = "http://a/announce";
    private const string B = "http://b/announce";
    private const string C = "http://c/announce";

    private static readonly AnnouncerOptions First = new();
    private static readonly AnnouncerOptions All = new() { AnnounceToAll = true };

    [Fact]
    public void The_first_that_answers_is_asked_again_after_its_interval()
    {
        var script = new AnnounceScript(First, [A], [B]);
        script.Start().RunUntil(4000);

        Assert.Equal(
            [(0, A, AnnounceEvent.Started), (1800, A, AnnounceEvent.None), (3600, A, AnnounceEvent.None)],
            script.Log);
        Assert.Equal(TrackerState.NotAttempted, script.Entry(B).State);
    }

    [Fact]
    public void The_next_tier_is_asked_when_all_of_a_tier_have_failed()
    {
        var script = new AnnounceScript(First, [A, B], [C]);
        script.Answers[A] = () => AnnounceScript.Failure();
        script.Answers[B] = () => AnnounceScript.Failure();
        script.Start();

        Assert.Equal([A, B], script.Asked().Take(2).Order());
        Assert.Equal(C, script.Log[2].Url);
        Assert.Equal(3, script.Log.Count);
        Assert.All(script.Log, l => Assert.Equal(AnnounceEvent.Started, l.Event));
    }

    [Fact]
    public void The_one_that_answers_moves_to_the_front_of_its_tier()
    {
        var script = new AnnounceScript(First, [A, B, C]);
        script.Answers[A] = () => AnnounceScript.Failure();
        script.Answers[B] = () => AnnounceScript.Failure();
        script.Start().RunUntil(1800);

        Assert.Equal(C, script.Schedule.Tiers.InOrder.First().Url);
        Assert.Equal((1800, C, AnnounceEvent.None), script.Log[^1]);
    }

    [Fact]
    public void Earlier_tiers_are_tried_first_on_each_announce()
    {
        var script = new AnnounceScript(First, [A], [B]);
        script.Answers[A] = () => AnnounceScript.Failure();
        script.Start();
        script.Answers[A] = () => AnnounceScript.Answer();
        script.RunUntil(1800);

        Assert.Equal([(0, A, AnnounceEvent.Started), (0, B, AnnounceEvent.Started), (1800, A, AnnounceEvent.Started)], script.Log);
    }

    [Fact]
    public void Trackers_are_shuffled_within_their_tier_alone()
    {
        string[] tier = [.. Enumerable.Range(0, 20).Select(i => $"http://t{i}/")];
        var tiers = new TrackerTiers([[A], tier, [B]], new Random(3), 200);

        string[] order = [.. tiers.InOrder.Select(e => e.Url)];
        Assert.Equal(A, order[0]);
        Assert.Equal(B, order[^1]);
        Assert.NotEqual(tier, order[1..^1]);
        Assert.Equal(tier.Order(), order[1..^1].Order());
        Assert.Equal([A, .. tier, B], tiers.All.Select(e => e.Url));
    }

    [Fact]
    public void A_tracker_named_twice_counts_once_and_too_many_are_left_out()
    {
        var tiers = new TrackerTiers([[A, A], [A], [B, C]], new Random(3), 2);

        Assert.Equal([(A, 0), (B, 1)], tiers.All.Select(e => (e.Url, e.Tier)));
    }

    [Fact]
    public void When_all_fail_the_wait_doubles_from_5_seconds_to_half_an_hour()
    {
        var script = new AnnounceScript(First, [A]);
        script.Answers[A] = () => AnnounceScript.Failure();
        script.Start().RunUntil(20_000);

        double expected = 5;
        for (int i = 1; i < script.Log.Count; i++)
        {
            double wait = script.Log[i].At - script.Log[i - 1].At;
            Assert.InRange(wait, Math.Min(1800, expected * 0.8) - 0.001, Math.Min(1800, expected * 1.2) + 0.001);
            expected *= 2;
        }

        Assert.True(expected > 1800 * 2);
        Assert.All(script.Log, l => Assert.Equal(AnnounceEvent.Started, l.Event));
    }

    [Fact]
    public void A_good_answer_makes_the_next_wait_short_again()
    {
        var script = new AnnounceScript(First, [A]);
        int asked = 0;
        script.Answers[A] = () => ++asked is 4 ? AnnounceScript.Answer() : AnnounceScript.Failure();
        script.Start().RunUntil(3000);

        double lost = script.Log[4].At;
        Assert.InRange(script.Log[5].At - lost, 4, 6);
    }

    [Fact]
    public void A_tracker_says_when_it_wants_to_be_asked_again()
    {
        var script = new AnnounceScript(First, [A]);
        script.Answers[A] = () => AnnounceScript.Failure(TimeSpan.FromMinutes(5));
        script.Start().RunUntil(700);

        Assert.Equal([0, 300, 600], script.Log.Select(l => l.At));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tracker_that_wants_never_to_be_asked_is_not(bool all)
    {
        var script = new AnnounceScript(all ? All : First, [A]);
        script.Answers[A] = () => AnnounceScript.Failure(Timeout.InfiniteTimeSpan);
        script.Start().RunUntil(1_000_000);

        Assert.Single(script.Log);
        Assert.Null(script.Schedule.NextWake);
        Assert.Null(script.Schedule.NextOf(script.Entry(A)));
        Assert.Empty(script.Schedule.Stop());
    }

    [Theory]
    [InlineData("wss://t/announce", "unsupported scheme \"wss\"")]
    [InlineData("dht://x", "unsupported scheme \"dht\"")]
    [InlineData("udp://t/announce", "the URL has no port")]
    [InlineData("nonsense", "not a valid URL")]
    [InlineData("", "not a valid URL")]
    public void A_URL_nobody_can_ask_has_failed_and_is_not_tried(string url, string error)
    {
        foreach (AnnouncerOptions options in new[] { First, All })
        {
            var script = new AnnounceScript(options, [url], [A]);
            script.Start().RunUntil(100);

            Assert.Equal([A], script.Asked());
            Assert.Equal((TrackerState.Failed, error), (script.Entry(url).State, script.Entry(url).Error));
        }
    }

    [Fact]
    public void The_least_interval_is_honoured_where_it_is_the_longer_one()
    {
        var script = new AnnounceScript(First, [A]);
        script.Answers[A] = () => AnnounceScript.Answer(interval: 60, least: 120);
        script.Start().RunUntil(130);

        Assert.Equal([0, 120], script.Log.Select(l => l.At));
    }

    [Theory]
    [InlineData(0, 1800)] // none given
    [InlineData(1, 10)]
    [InlineData(31_536_000, 86_400)]
    public void A_senseless_interval_is_tamed(double given, double expected)
    {
        var script = new AnnounceScript(First, [A]);
        script.Answers[A] = () => AnnounceScript.Answer(given);
        script.Start().RunUntil(expected);

        Assert.Equal([0, expected], script.Log.Take(2).Select(l => l.At));
    }

    [Fact]
    public void When_peers_are_few_a_tracker_is_asked_early_but_ever_less_often()
    {
        var script = new AnnounceScript(First, [A]);
        script.Start();
        for (int second = 1; second <= 1000; second++)
        {
            script.Schedule.NeedPeers(script.Now);
            script.RunUntil(second);
        }

        Assert.Equal([0, 60, 180, 420, 900], script.Log.Select(l => l.At));
    }

    [Fact]
    public void When_peers_are_few_a_tracker_is_not_asked_before_its_least_interval()
    {
        var script = new AnnounceScript(First, [A]);
        script.Answers[A] = () => AnnounceScript.Answer(interval: 1800, least: 300);
        script.Start();
        for (int second = 1; second <= 1000; second++)
        {
            script.Schedule.NeedPeers(script.Now);
            script.RunUntil(second);
        }

        Assert.Equal([0, 300, 600, 900], script.Log.Select(l => l.At));
    }

    [Fact]
    public void Needing_peers_does_not_hurry_a_tracker_that_fails()
    {
        var script = new AnnounceScript(First, [A]);
        script.Answers[A] = () => AnnounceScript.Failure(TimeSpan.FromMinutes(10));
        script.Start();
        for (int second = 1; second <= 590; second++)
        {
            script.Schedule.NeedPeers(script.Now);
            script.RunUntil(second);
        }

        Assert.Single(script.Log);
    }

    [Fact]
    public void Completion_is_told_at_once_and_once()
    {
        var script = new AnnounceScript(First, [A]);
        script.Start().RunUntil(20);
        script.Incomplete = false;
        script.Schedule.Complete(script.Now);
        script.Schedule.Complete(script.Now);
        script.RunUntil(2000);

        Assert.Equal([(0, A, AnnounceEvent.Started), (20, A, AnnounceEvent.Completed), (1820, A, AnnounceEvent.None)], script.Log);
    }

    [Fact]
    public void Completion_that_comes_while_a_tracker_is_asked_is_told_after_its_answer()
    {
        var script = new AnnounceScript(First, [A]);
        script.Answers[A] = () => null;
        script.Start();
        script.Incomplete = false;
        script.Schedule.Complete(script.Now);
        script.Schedule.OnAnswered(script.Entry(A), AnnounceScript.Answer(), script.Now);
        script.Ask();

        Assert.Equal([AnnounceEvent.Started, AnnounceEvent.Completed], script.Log.Select(l => l.Event));
    }

    [Fact]
    public void Completion_of_what_is_wanted_is_told_once_even_if_content_is_missing()
    {
        var script = new AnnounceScript(First, [A]);
        script.Start().RunUntil(20);
        script.Schedule.Complete(script.Now);
        script.RunUntil(4000);

        Assert.Equal(
            [AnnounceEvent.Started, AnnounceEvent.Completed, AnnounceEvent.None, AnnounceEvent.None],
            script.Log.Select(l => l.Event));
    }

    [Fact]
    public void A_completion_the_tracker_missed_is_told_again()
    {
        var script = new AnnounceScript(First, [A]);
        script.Start().RunUntil(20);
        script.Answers[A] = () => AnnounceScript.Failure();
        script.Incomplete = false;
        script.Schedule.Complete(script.Now);
        script.RunUntil(21);
        script.Answers[A] = () => AnnounceScript.Answer();
        script.RunUntil(40);

        Assert.Equal([AnnounceEvent.Started, AnnounceEvent.Completed, AnnounceEvent.Completed], script.Log.Select(l => l.Event));
    }

    [Fact]
    public void Who_starts_complete_tells_of_no_completion()
    {
        var script = new AnnounceScript(First, [A]);
        script.Start(complete: true);
        script.Schedule.Complete(script.Now);
        script.RunUntil(2000);

        Assert.Equal([AnnounceEvent.Started, AnnounceEvent.None], script.Log.Select(l => l.Event));
    }

    [Fact]
    public void Completion_is_told_to_all_that_knew_us_as_incomplete()
    {
        var script = new AnnounceScript(All, [A], [B]);
        script.Answers[B] = () => AnnounceScript.Failure();
        script.Start();
        script.Incomplete = false;
        script.Schedule.Complete(script.Now);
        script.Answers[B] = () => AnnounceScript.Answer();
        script.RunUntil(60);

        Assert.Equal(
            [AnnounceEvent.Started, AnnounceEvent.Completed], script.Log.Where(l => l.Url == A).Select(l => l.Event));
        Assert.Equal([AnnounceEvent.Started, AnnounceEvent.Started], script.Log.Where(l => l.Url == B).Select(l => l.Event));
    }

    [Fact]
    public void Announcing_to_all_asks_each_at_its_own_pace()
    {
        var script = new AnnounceScript(All, [A, B], [C]);
        script.Answers[A] = () => AnnounceScript.Answer(100);
        script.Answers[B] = () => AnnounceScript.Answer(150);
        script.Answers[C] = () => AnnounceScript.Answer(1000);
        script.Start().RunUntil(300);

        Assert.Equal([0, 100, 200, 300], script.Log.Where(l => l.Url == A).Select(l => l.At));
        Assert.Equal([0, 150, 300], script.Log.Where(l => l.Url == B).Select(l => l.At));
        Assert.Equal([0], script.Log.Where(l => l.Url == C).Select(l => l.At));
    }

    [Fact]
    public void Announcing_to_all_does_not_ask_more_at_once_than_allowed()
    {
        string[] urls = [.. Enumerable.Range(0, 40).Select(i => $"http://t{i}/")];
        var script = new AnnounceScript(All, urls);
        foreach (string url in urls)
            script.Answers[url] = () => null;
        script.Start().RunUntil(10);
        Assert.Equal(16, script.Log.Count);

        script.Schedule.OnFailed(script.Entry(script.Log[0].Url), AnnounceScript.Failure(TimeSpan.FromHours(1)), script.Now);
        script.Ask();
        Assert.Equal(17, script.Log.Count);
    }

    [Fact]
    public void A_farewell_goes_to_those_who_heard_the_greeting_or_may_have()
    {
        var script = new AnnounceScript(All, [A], [B], [C]);
        script.Answers[B] = () => AnnounceScript.Failure();
        script.Answers[C] = () => null;
        script.Start();

        Assert.Equal([A, C], script.Schedule.Stop().Select(e => e.Entry.Url));
        Assert.Null(script.Schedule.NextWake);
        Assert.Null(script.Schedule.TryNext(script.Now, incomplete: true, partialSeed: false));
        Assert.Empty(script.Schedule.Stop());
    }

    [Fact]
    public void After_a_stop_the_greeting_is_said_anew()
    {
        var script = new AnnounceScript(First, [A]);
        script.Start();
        script.Schedule.Stop();
        script.RunUntil(10);
        script.Start();

        Assert.Equal([(0, A, AnnounceEvent.Started), (10, A, AnnounceEvent.Started)], script.Log);
    }

    [Fact]
    public void A_partial_seed_says_that_it_is_paused()
    {
        var schedule = new AnnounceSchedule([[A]], new Random(1), First);
        schedule.Start(TimeSpan.Zero, complete: false);
        TrackerEntry entry = schedule.TryNext(TimeSpan.Zero, incomplete: true, partialSeed: true)!;
        Assert.Equal(AnnounceEvent.Started, entry.Asking);
        schedule.OnAnswered(entry, AnnounceScript.Answer(), TimeSpan.Zero);

        Assert.Same(entry, schedule.TryNext(TimeSpan.FromHours(1), incomplete: true, partialSeed: true));
        Assert.Equal(AnnounceEvent.Paused, entry.Asking);
    }

    [Fact]
    public void A_tracker_added_while_none_works_is_asked_at_once()
    {
        var script = new AnnounceScript(First, [A]);
        script.Answers[A] = () => AnnounceScript.Failure();
        script.Answers[B] = () => AnnounceScript.Answer();
        script.Start().RunUntil(1);

        Assert.True(script.Schedule.Add(B, script.Now));
        Assert.False(script.Schedule.Add(B, script.Now));
        script.Ask();
        Assert.Equal((1, B, AnnounceEvent.Started), script.Log[^1]);
        Assert.Equal(1, script.Entry(B).Tier);
    }

    [Fact]
    public void A_tracker_added_while_one_works_waits_for_its_tier()
    {
        var script = new AnnounceScript(First, [A]);
        script.Answers[B] = () => AnnounceScript.Answer();
        script.Start();
        script.Schedule.Add(B, script.Now);
        script.RunUntil(3600);

        Assert.Equal([A, A, A], script.Asked());
    }

    [Fact]
    public void A_key_stays_the_same_for_a_tracker_and_differs_between_trackers()
    {
        var script = new AnnounceScript(First, [A], [B]);
        uint key = script.Entry(A).Key;
        script.Start();
        script.Schedule.Stop();
        script.Start();

        Assert.Equal(key, script.Entry(A).Key);
        Assert.NotEqual(0u, key);
        Assert.NotEqual(key, script.Entry(B).Key);
    }
}
