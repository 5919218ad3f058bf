using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;
using OurTorrent.Tracker.Tests.Http;

namespace OurTorrent.Tracker.Tests;

public sealed class TrackerServerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_store_is_opened_first_and_written_out_last()
    {
        var store = new StandInStore();
        await using (HttpRig rig = await HttpRig.StartAsync(new TrackerOptions { Store = store }))
        {
            Assert.Equal(["open"], store.Calls);
            await rig.Server.StopAsync(Cancelled);
            await rig.Server.StopAsync(Cancelled);
        }

        Assert.Equal(["open", "flush", "dispose"], store.Calls);
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_ends_the_start_and_is_disposed_of()
    {
        var store = new StandInStore { OpenError = new SwarmStoreException("The database is newer.") };
        await Assert.ThrowsAsync<SwarmStoreException>(() => TrackerServer.StartAsync(new TrackerOptions { Store = store }, cancellationToken: Cancelled));
        Assert.Equal(["open", "dispose"], store.Calls);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var endPoint = (IPEndPoint)other.LocalEndpoint;
        TrackerException error = await Assert.ThrowsAsync<TrackerException>(
            () => TrackerServer.StartAsync(new TrackerOptions { HttpEndPoints = [endPoint] }, cancellationToken: Cancelled));
        Assert.Equal(TrackerErrorReason.PortTaken, error.Reason);
        Assert.Contains(endPoint.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_refused()
    {
        var endPoint = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0);
        TrackerException error = await Assert.ThrowsAsync<TrackerException>(
            () => TrackerServer.StartAsync(new TrackerOptions { HttpEndPoints = [endPoint] }, cancellationToken: Cancelled));
        Assert.Equal(TrackerErrorReason.AddressNotAvailable, error.Reason);
    }

    [Fact]
    public async Task A_tracker_that_failed_to_start_has_let_go_of_its_other_ports()
    {
        using var other = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using TrackerServer second = await FreePort.WithAsync(async port =>
        {
            var options = new TrackerOptions
            {
                HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
                UdpEndPoints = [(IPEndPoint)other.Client.LocalEndPoint!],
            };
            await Assert.ThrowsAsync<TrackerException>(() => TrackerServer.StartAsync(options, cancellationToken: Cancelled));
            return await TrackerServer.StartAsync(options with { UdpEndPoints = [] }, cancellationToken: Cancelled);
        });
        Assert.Single(second.HttpEndPoints);
    }

    [Fact]
    public async Task Listeners_are_told_who_comes_completes_and_leaves()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        List<PeerEvent> seen = [];
        void Listen(PeerEvent change) => seen.Add(change);
        rig.Server.PeerChanged += Listen;
        await rig.AnnounceAsync(HttpRig.Request(1, 1001));
        await rig.AnnounceAsync(HttpRig.Request(1, 1001, why: AnnounceEvent.None));
        await rig.AnnounceAsync(HttpRig.Request(1, 1001, left: 0, why: AnnounceEvent.Completed));
        await rig.AnnounceAsync(HttpRig.Request(1, 1001, left: 0, why: AnnounceEvent.Stopped));
        rig.Server.PeerChanged -= Listen;
        await rig.AnnounceAsync(HttpRig.Request(1, 1001));

        var peer = CompactPeer.From(new IPEndPoint(IPAddress.Loopback, 1001));
        Assert.Equal(
            [
                new PeerEvent(HttpRig.Hash(1), peer, HttpRig.Id, IsSeeder: false, PeerChange.Joined),
                new PeerEvent(HttpRig.Hash(1), peer, HttpRig.Id, IsSeeder: true, PeerChange.Completed),
                new PeerEvent(HttpRig.Hash(1), peer, HttpRig.Id, IsSeeder: true, PeerChange.Left),
            ],
            seen);
    }

    [Fact]
    public async Task A_listener_that_fails_does_not_harm_the_announce()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        rig.Server.PeerChanged += _ => throw new InvalidOperationException("of the test");
        AnnounceResponse response = await rig.AnnounceAsync(HttpRig.Request(1, 1001));
        Assert.Equal(1, response.Leechers);
    }

    [Fact]
    public async Task Statistics_count_what_was_asked()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        await rig.AnnounceAsync(HttpRig.Request(1, 1001));
        await rig.ScrapeAsync(1, 2);
        await rig.FailAsync("/announce");
        TrackerSnapshot snapshot = rig.Server.GetStatistics();

        Assert.Equal((1, 1, 1), (snapshot.Counts.Announces, snapshot.Counts.Scrapes, snapshot.Counts.Malformed));
        Assert.Equal(3, snapshot.Counts.Requests);
        Assert.Equal(1, snapshot.Swarms.Peers);
        Assert.Equal(TimeSpan.FromMinutes(30), snapshot.AnnounceInterval);
        Assert.InRange(snapshot.Uptime, TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Addresses_of_clients_are_logged_only_where_asked_for_and_no_request_is_worth_a_line(bool logAddresses)
    {
        using var log = new LogKeeper();
        TrackerOptions options = new() { HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)], LogAddresses = logAddresses };
        await using TrackerServer server = await TrackerServer.StartAsync(options, log, Cancelled);
        int atStart = log.Lines.Count;
        using var client = new HttpClient();
        string url = $"http://{server.HttpEndPoints[0]}/announce";
        await client.GetByteArrayAsync(new Uri(HttpTrackerUrl.ForAnnounce(url, HttpRig.Request(1, 1001))), Cancelled);
        await client.GetByteArrayAsync(new Uri(url), Cancelled);
        (LogLevel Level, string Text)[] lines = [.. log.Lines.Skip(atStart)];

        Assert.DoesNotContain(lines, line => line.Level >= LogLevel.Information);
        Assert.Contains(lines, line => line.Text.Contains("info_hash is missing", StringComparison.Ordinal));
        Assert.Equal(logAddresses, lines.Any(line => line.Text.Contains("127.0.0.1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nothing_of_HTTP_is_started_without_an_end_point()
    {
        await using TrackerServer server = await TrackerServer.StartAsync(new TrackerOptions(), cancellationToken: Cancelled);
        Assert.Empty(server.HttpEndPoints);
        Assert.Empty(server.HttpsEndPoints);
        Assert.Empty(server.AdminEndPoints);
    }
}
