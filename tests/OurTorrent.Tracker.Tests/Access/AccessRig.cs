using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Access;
using OurTorrent.Tracker.Requests;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Access;

/// <summary>An access control with a folder and a clock of its own.</summary>
internal sealed class AccessRig : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ourtorrent-access-");
    private TrackerClock? _clock;
    private AccessControl? _control;

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(50));

    public AccessControl Control => _control ?? throw new InvalidOperationException("Not started.");

    public string Database => PathOf("tracker.db");

    public static InfoHash Hash(int number)
    {
        Span<byte> bytes = stackalloc byte[InfoHash.Length];
        BitConverter.TryWriteBytes(bytes[3..], number);
        bytes[0] = (byte)number;
        return new InfoHash(bytes);
    }

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Writes a file, which looks different from before even where the clock stands still.</summary>
    public string Write(string name, string text)
    {
        string path = PathOf(name);
        DateTime before = File.Exists(path) ? File.GetLastWriteTimeUtc(path) : DateTime.UnixEpoch.AddYears(30);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, before.AddSeconds(1));
        return path;
    }

    public AccessRig Start(AccessOptions options, bool withDatabase = false, bool showAddresses = false)
    {
        _clock = new TrackerClock(Time);
        _control = new AccessControl(options, withDatabase ? Database : null, _clock, showAddresses, NullLogger.Instance);
        return this;
    }

    /// <summary>Lets the lists be looked at twice: a change is taken when it has stood for a while.</summary>
    public void Look()
    {
        Time.Advance(TimeSpan.FromSeconds(2));
        Time.Advance(TimeSpan.FromSeconds(2));
    }

    public Refusal Announce(int torrent, string address = "198.51.100.7", int port = 6881, string path = "", string peerId = "-qB5000-012345678901")
    {
        ClientAddress source = ClientAddress.From(IPAddress.Parse(address));
        return Control.Admit(AnnounceOf(torrent, source, port), new PeerId(Encoding.ASCII.GetBytes(peerId)), source, Encoding.ASCII.GetBytes(path));
    }

    public Refusal Scrape(int torrent, string address = "198.51.100.7", string path = "") =>
        Control.AdmitScrape(Hash(torrent), ClientAddress.From(IPAddress.Parse(address)), Encoding.ASCII.GetBytes(path));

    /// <summary>A peer has joined.</summary>
    public void Join(int torrent, string address, int port)
    {
        ClientAddress source = ClientAddress.From(IPAddress.Parse(address));
        Control.Note(AnnounceOf(torrent, source, port), source, new AnnounceResult(AnnounceStatus.Accepted, PeerChange.Joined, false, default, 0, 0));
    }

    public bool IsIgnored(string address) => Control.IsIgnored(ClientAddress.From(IPAddress.Parse(address)));

    public void Dispose()
    {
        _control?.Dispose();
        _clock?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static PeerAnnounce AnnounceOf(int torrent, ClientAddress source, int port) =>
        new(Hash(torrent), source.AtPort((ushort)port), 1, AnnounceEvent.Started, false);
}
