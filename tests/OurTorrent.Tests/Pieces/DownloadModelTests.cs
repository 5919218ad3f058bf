namespace OurTorrent.Tests.Pieces;

public sealed class DownloadModelTests
{
    private const int Mega = 1_000_000;

    [Fact]
    public void Peers_of_all_speeds_are_used_to_the_full_and_little_is_sent_twice()
    {
        var model = new DownloadModel(400L * Mega, 1 << 20);
        long sum = 0;
        foreach (long rate in new long[] { 20_000, 50_000, 100_000, 500_000, 1 * Mega, 2 * Mega, 4 * Mega, 8 * Mega, 100_000, 200_000 })
        {
            model.Add(rate, 80);
            sum += rate;
        }

        model.Run(TimeSpan.FromMinutes(5));

        Assert.InRange(model.DuplicateBytes, 0, model.Picker.HaveBytes / 50);
        Assert.InRange(model.Now.TotalSeconds, 0, 400.0 * Mega / sum * 1.15);
    }

    [Fact]
    public void A_small_torrent_is_not_sent_twice_either()
    {
        var model = new DownloadModel(16 * Mega, 1 << 18);
        for (int i = 0; i < 8; i++)
            model.Add(Mega, 50);

        model.Run(TimeSpan.FromSeconds(20));

        Assert.InRange(model.DuplicateBytes, 0, model.Picker.HaveBytes / 50);
    }

    [Fact]
    public void One_seeder_on_a_fast_line_fills_the_line()
    {
        var model = new DownloadModel(2000L * Mega, 1 << 20);
        model.Add(1000L * Mega, 10);

        model.Run(TimeSpan.FromSeconds(10));

        Assert.InRange(model.Now.TotalSeconds, 0, 2.8);
        Assert.Equal(0, model.DuplicateBytes);
    }

    [Fact]
    public void Peers_that_stop_answering_do_not_keep_a_download_from_its_end()
    {
        var model = new DownloadModel(50L * Mega, 1 << 20);
        model.Add(Mega, 50);
        model.Add(2 * Mega, 50, stallsAt: TimeSpan.FromSeconds(3));
        model.Add(100_000, 50, stallsAt: TimeSpan.FromSeconds(5));
        model.Add(Mega, 50, stallsAt: TimeSpan.Zero);

        model.Run(TimeSpan.FromSeconds(60));

        Assert.InRange(model.DuplicateBytes, 0, model.Picker.HaveBytes / 50);
    }
}
