using OurTorrent.Fuzz.Bencoding;
using OurTorrent.Fuzz.Magnets;
using OurTorrent.Fuzz.Metainfo;
using OurTorrent.Fuzz.Peers;
using OurTorrent.Fuzz.Resume;
using OurTorrent.Fuzz.Trackers;
using OurTorrent.Fuzz.Tracking;

namespace OurTorrent.Fuzz;

/// <summary>One reader of what strangers send, and what it promises of any input.</summary>
/// <param name="Name">What it is called on the command line; also the folder of its corpus.</param>
/// <param name="Check">Reads an input, and throws where a promise is broken.</param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Check)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("bencode", BencodeTarget.Check),
        new("metainfo", MetainfoTarget.Check),
        new("magnet", MagnetTarget.Check),
        new("peer-wire", PeerWireTarget.Check),
        new("peer-frames", PeerFramesTarget.Check),
        new("extension-handshake", ExtensionHandshakeTarget.Check),
        new("udp-tracker", UdpTrackerTarget.Check),
        new("http-tracker", HttpTrackerTarget.Check),
        new("resume", ResumeTarget.Check),
        new("tracker-udp", UdpFrontTarget.Check),
        new("tracker-http", HttpFrontTarget.Check),
    ];

    /// <summary>The inputs that are kept for it.</summary>
    public string CorpusDirectory => Path.Combine(AppContext.BaseDirectory, "Corpus", Name);

    /// <summary>The target of a name, or null.</summary>
    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => string.Equals(target.Name, name, StringComparison.Ordinal));
}
