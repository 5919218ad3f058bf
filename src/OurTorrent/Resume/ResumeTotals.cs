using System.Net;
using System.Runtime.InteropServices;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Resume;

/// <summary>What a running torrent has to save, and what it found saved.</summary>
/// <param name="Verified">The pieces that are there.</param>
/// <param name="Peers">Peers to try first.</param>
/// <param name="Uploaded">Bytes of content sent in all runs.</param>
/// <param name="Downloaded">Bytes of content received in all runs.</param>
/// <param name="ActiveTime">How long the torrent was at work in all runs.</param>
/// <param name="SeedingTime">How long it was seeding in all runs.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ResumeTotals(
    Bitfield Verified, IReadOnlyList<IPEndPoint> Peers, long Uploaded, long Downloaded, TimeSpan ActiveTime, TimeSpan SeedingTime);
