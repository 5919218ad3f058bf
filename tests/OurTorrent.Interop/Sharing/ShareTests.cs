using System.Runtime.Versioning;
using System.Text.Json;
using OurTorrent.Interop.Clients;
using OurTorrent.Interop.Contents;
using OurTorrent.Interop.Programs;

namespace OurTorrent.Interop.Sharing;

/// <summary>A friend who has another client takes the address that <c>ourtorrent share</c> prints.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ShareTests : InteropTest
{
    private static readonly Requirement Aria2 = new("aria2c", "aria2");
    private static readonly Requirement Transmission = new("transmission-cli", "transmission-cli");

    [Fact]
    public async Task With_aria2_the_address_is_all_a_friend_needs()
    {
        string path = Aria2.Find();
        await using RunningShare share = Share(out Content content);
        Uri url = await share.UrlAsync(Cancelled);

        // Without its DHT it asks no UDP trackers.
        await using ExternalProgram aria2 = ExternalProgram.Start(
            path,
            [
                "--no-conf", "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false", "--interface=127.0.0.1", "--seed-time=0",
                $"--listen-port={LoopbackPorts.Take()}", "--follow-torrent=mem", "--file-allocation=none", $"--dir={DownloadFolder}", url.ToString(),
            ],
            Folder("home"));

        Assert.Equal(0, await aria2.WaitForExitAsync(Cancelled));
        content.AssertIn(DownloadFolder);
        await AssertOneCopyAsync(share);
    }

    [Fact]
    public async Task With_transmission_the_torrent_file_at_the_address_is_enough_though_it_takes_no_loopback_address_from_a_tracker()
    {
        string path = Transmission.Find();
        await using RunningShare share = Share(out Content content);
        Uri url = await share.UrlAsync(Cancelled);
        string file = Path.Combine(Folder("torrent"), "shared.torrent");
        await File.WriteAllBytesAsync(file, await LoopbackHttp.Client.GetByteArrayAsync(url, Cancelled), Cancelled);
        string settings = Folder("settings");
        await File.WriteAllTextAsync(
            Path.Combine(settings, "settings.json"),
            """{"bind-address-ipv4":"127.0.0.1","bind-address-ipv6":"::1","dht-enabled":false,"lpd-enabled":false,"pex-enabled":false,"utp-enabled":false,"port-forwarding-enabled":false}""",
            Cancelled);

        await using ExternalProgram transmission = ExternalProgram.Start(
            path, ["-g", settings, "-w", DownloadFolder, "-p", $"{LoopbackPorts.Take()}", "-et", file], Folder("home"));

        await AssertOneCopyAsync(share);
        await Patience.UntilAsync(() => content.IsIn(DownloadFolder), () => "that the content is on disk", Cancelled);
    }

    private static async Task AssertOneCopyAsync(RunningShare share)
    {
        (int exitCode, JsonElement last) = await share.EndAsync(Cancelled);
        Assert.Equal((0, "stopped", 1), (exitCode, last.GetProperty("event").GetString(), last.GetProperty("copies").GetInt32()));
        Assert.Equal(1, last.GetProperty("copiesAnnounced").GetInt32());
    }

    private RunningShare Share(out Content content)
    {
        content = Content.Create("shared", ("a.bin", 900_001), ("b/c.bin", 5), ("b/d.bin", 70_000));
        content.WriteTo(SeedFolder);
        return new RunningShare(Path.Combine(SeedFolder, content.Name), Folder("share"));
    }
}
