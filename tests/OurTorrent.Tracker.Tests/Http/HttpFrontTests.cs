using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OurTorrent.Bencoding;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Tracker.Tests.Http;

public sealed class HttpFrontTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_clients_find_each_other()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        AnnounceResponse first = await rig.AnnounceAsync(HttpRig.Request(1, 1001));
        AnnounceResponse second = await rig.AnnounceAsync(HttpRig.Request(1, 1002, left: 0));
        AnnounceResponse third = await rig.AnnounceAsync(HttpRig.Request(1, 1001, why: AnnounceEvent.None));

        Assert.Empty(first.Peers);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 1001)], second.Peers);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 1002)], third.Peers);
        Assert.Equal((1, 1), (third.Seeders, third.Leechers));
        Assert.Equal(IPAddress.Loopback, third.ExternalAddress);
        Assert.InRange(third.Interval, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(33));
        Assert.InRange(third.MinInterval!.Value, TimeSpan.FromMinutes(15), third.Interval);
    }

    [Fact]
    public async Task A_scrape_tells_of_partial_seeds_and_of_torrents_nobody_has()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        await rig.AnnounceAsync(HttpRig.Request(1, 1001, why: AnnounceEvent.Paused));
        await rig.AnnounceAsync(HttpRig.Request(1, 1002));
        ScrapeResponse response = await rig.ScrapeAsync(1, 2);

        Assert.Equal(new ScrapeEntry(Seeders: 0, Completed: 0, Leechers: 2, Downloaders: 1), response.Entries[HttpRig.Hash(1)]);
        Assert.Equal(new ScrapeEntry(0, 0, 0, 0), response.Entries[HttpRig.Hash(2)]);
    }

    [Fact]
    public async Task Only_who_knows_the_key_can_stop_a_peer()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        await rig.AnnounceAsync(HttpRig.Request(1, 1001));
        await rig.AnnounceAsync(HttpRig.Request(1, 1001, why: AnnounceEvent.Stopped) with { Key = 4711 });
        Assert.Equal(1, (await rig.ScrapeAsync(1)).Entries[HttpRig.Hash(1)].Leechers);
        await rig.AnnounceAsync(HttpRig.Request(1, 1001, why: AnnounceEvent.Stopped));
        Assert.Equal(0, (await rig.ScrapeAsync(1)).Entries[HttpRig.Hash(1)].Leechers);
    }

    [Fact]
    public async Task Peers_meet_over_IPv6()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        await using HttpRig rig = await HttpRig.StartAsync(new TrackerOptions { HttpEndPoints = [new IPEndPoint(IPAddress.IPv6Loopback, 0)] });
        await rig.AnnounceAsync(HttpRig.Request(1, 1001));
        AnnounceResponse second = await rig.AnnounceAsync(HttpRig.Request(1, 1002));

        Assert.Equal([new IPEndPoint(IPAddress.IPv6Loopback, 1001)], second.Peers);
        Assert.Equal(IPAddress.IPv6Loopback, second.ExternalAddress);
    }

    [Fact]
    public async Task One_socket_for_all_addresses_keeps_the_families_apart()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        await using TrackerServer server = await TrackerServer.StartAsync(
            new TrackerOptions { HttpEndPoints = [new IPEndPoint(IPAddress.IPv6Any, 0)] }, cancellationToken: Cancelled);
        using var client = new HttpClient();
        int port = server.HttpEndPoints[0].Port;
        await client.GetByteArrayAsync(new Uri(HttpTrackerUrl.ForAnnounce($"http://127.0.0.1:{port}/announce", HttpRig.Request(1, 1001))), Cancelled);
        byte[] body = await client.GetByteArrayAsync(
            new Uri(HttpTrackerUrl.ForAnnounce($"http://[::1]:{port}/announce", HttpRig.Request(1, 1002)) + "&ipv4=127.0.0.1"), Cancelled);

        Assert.True(HttpTrackerResponse.TryParseAnnounce(body, out AnnounceResponse? response, out _));
        Assert.Contains(new IPEndPoint(IPAddress.Loopback, 1001), response.Peers);
        Assert.Equal(1, server.Swarms.Totals.IPv6Peers);
    }

    [Fact]
    public async Task All_of_IPv4_and_all_of_IPv6_can_be_listened_on_side_by_side()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        await using TrackerServer server = await FreePort.WithAsync(port => TrackerServer.StartAsync(
            new TrackerOptions { HttpEndPoints = [new IPEndPoint(IPAddress.Any, port), new IPEndPoint(IPAddress.IPv6Any, port)] }, cancellationToken: Cancelled));
        Assert.Equal(2, server.HttpEndPoints.Count);
    }

    [Theory]
    [InlineData("pem")]
    [InlineData("pem with key beside")]
    [InlineData("pem with password")]
    [InlineData("pfx")]
    public async Task The_same_is_served_over_HTTPS(string form)
    {
        using var folder = new CertificateFolder();
        await using TrackerServer server = await TrackerServer.StartAsync(
            new TrackerOptions { HttpsEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)], Http = folder.Write(form) }, cancellationToken: Cancelled);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == folder.Certificate.GetCertHashString() },
        });
        string url = $"https://{server.HttpsEndPoints[0]}/announce";
        byte[] body = await client.GetByteArrayAsync(new Uri(HttpTrackerUrl.ForAnnounce(url, HttpRig.Request(1, 1001))), Cancelled);

        Assert.True(HttpTrackerResponse.TryParseAnnounce(body, out AnnounceResponse? response, out _));
        Assert.Equal(1, response.Leechers);
        Assert.Equal("https", Assert.Single(server.GetStatistics().Transports, way => way.Counts.Announces == 1).Transport);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("no key")]
    [InlineData("garbage")]
    [InlineData("wrong password")]
    public async Task A_certificate_that_cannot_be_used_is_named(string form)
    {
        using var folder = new CertificateFolder();
        var options = new TrackerOptions { HttpsEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)], Http = folder.Write(form) };
        TrackerException error = await Assert.ThrowsAsync<TrackerException>(() => TrackerServer.StartAsync(options, cancellationToken: Cancelled));
        Assert.Equal(TrackerErrorReason.InvalidCertificate, error.Reason);
        Assert.Contains(options.Http.CertificateFile!, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_proxy_the_peer_is_the_client()
    {
        await using HttpRig rig = await HttpRig.StartAsync(new TrackerOptions { Http = new() { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] } });
        AnnounceResponse first = await rig.AnnounceAsync(HttpRig.Request(1, 1001), "/announce", ("X-Forwarded-For", "203.0.113.5"));
        AnnounceResponse second = await rig.AnnounceAsync(HttpRig.Request(1, 1002), "/announce", ("X-Forwarded-For", "203.0.113.6, 127.0.0.1"));

        Assert.Equal(IPAddress.Parse("203.0.113.5"), first.ExternalAddress);
        Assert.Equal([new IPEndPoint(IPAddress.Parse("203.0.113.5"), 1001)], second.Peers);
    }

    [Fact]
    public async Task A_client_that_pretends_to_be_a_proxy_is_not_believed()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        AnnounceResponse first = await rig.AnnounceAsync(HttpRig.Request(1, 1001), "/announce", ("X-Forwarded-For", "203.0.113.5"));
        Assert.Equal(IPAddress.Loopback, first.ExternalAddress);
    }

    [Theory]
    [InlineData("/announce/0123456789abcdef")]
    [InlineData("/0123456789abcdef/announce")]
    public async Task A_passkey_may_stand_in_the_path(string path)
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        AnnounceResponse response = await rig.AnnounceAsync(HttpRig.Request(1, 1001), path);
        Assert.Equal(1, response.Leechers);
    }

    [Fact]
    public async Task All_torrents_are_listed_only_where_that_is_allowed()
    {
        await using HttpRig closed = await HttpRig.StartAsync();
        TrackerFailure failure = await closed.FailAsync("/scrape");
        Assert.Contains("info_hash", failure.Message, StringComparison.Ordinal);

        await using HttpRig open = await HttpRig.StartAsync(new TrackerOptions { Http = new() { FullScrape = true } });
        for (int i = 0; i < 255; i++)
            await open.AnnounceAsync(HttpRig.Request((byte)i, 1001, left: i % 2));
        byte[] body = await open.GetBytesAsync("/scrape");
        Assert.True(HttpTrackerResponse.TryParseScrape(body, out ScrapeResponse? response, out _));
        Assert.Equal(255, response.Entries.Count);
        Assert.Equal(127, response.Entries.Values.Sum(entry => entry.Leechers));
        Assert.NotNull(BencodeValue.Parse(body, BencodeReaderOptions.Lenient).Find("flags"));
    }

    [Fact]
    public async Task An_answer_says_how_long_it_is_and_is_never_in_pieces()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        for (ushort port = 1; port <= 300; port++)
            await rig.AnnounceAsync(HttpRig.Request(1, port));
        string url = HttpTrackerUrl.ForAnnounce("/announce", HttpRig.Request(1, 5000) with { NumWant = 200 });
        using HttpResponseMessage response = await rig.GetAsync(url);
        byte[] body = await response.Content.ReadAsByteArrayAsync(Cancelled);

        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.InRange(body.Length, 1200, 1400);
    }

    [Fact]
    public async Task A_tracker_that_stops_closes_its_connections()
    {
        await using HttpRig rig = await HttpRig.StartAsync();
        await rig.AnnounceAsync(HttpRig.Request(1, 1001));
        await rig.Server.StopAsync(Cancelled);
        await Assert.ThrowsAsync<HttpRequestException>(() => rig.GetAsync("/announce"));
    }

    /// <summary>A certificate made for one test, in the forms files of certificates have.</summary>
    private sealed class CertificateFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("certificate-");
        private readonly RSA _key = RSA.Create(2048);

        public CertificateFolder()
        {
            var request = new CertificateRequest("CN=tracker.example", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            Certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        }

        public X509Certificate2 Certificate { get; }

        public Tracker.Http.HttpOptions Write(string form)
        {
            string pem = Path.Combine(_folder.FullName, "certificate.pem");
            string key = Path.Combine(_folder.FullName, "key.pem");
            string pfx = Path.Combine(_folder.FullName, "certificate.pfx");
            string certificateText = Certificate.ExportCertificatePem();
            string keyText = _key.ExportPkcs8PrivateKeyPem();
            switch (form)
            {
                case "pem":
                    File.WriteAllText(pem, certificateText + "\n" + keyText);
                    return new() { CertificateFile = pem };
                case "pem with key beside":
                    File.WriteAllText(pem, certificateText);
                    File.WriteAllText(key, keyText);
                    return new() { CertificateFile = pem, CertificateKeyFile = key };
                case "pem with password" or "wrong password":
                    var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
                    File.WriteAllText(pem, certificateText + "\n" + _key.ExportEncryptedPkcs8PrivateKeyPem("secret", encryption));
                    return new() { CertificateFile = pem, CertificatePassword = form[0] == 'p' ? "secret" : "other" };
                case "pfx":
                    File.WriteAllBytes(pfx, Certificate.Export(X509ContentType.Pkcs12, "secret"));
                    return new() { CertificateFile = pfx, CertificatePassword = "secret" };
                case "no key":
                    File.WriteAllText(pem, certificateText);
                    return new() { CertificateFile = pem };
                case "garbage":
                    File.WriteAllText(pem, "garbage");
                    return new() { CertificateFile = pem };
                default:
                    return new() { CertificateFile = pem };
            }
        }

        public void Dispose()
        {
            Certificate.Dispose();
            _key.Dispose();
            _folder.Delete(recursive: true);
        }
    }
}
