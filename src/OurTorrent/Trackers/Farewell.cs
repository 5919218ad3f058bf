using System.Runtime.InteropServices;

namespace OurTorrent.Trackers;

/// <summary>What a tracker is still to hear when a torrent stops.</summary>
/// <param name="Entry">The tracker.</param>
/// <param name="KnowsUs">Whether it has answered before; one that never did is not waited for long.</param>
/// <param name="IsHearingCompleted">Whether it is being told just now that we are complete, which is let finish.</param>
/// <param name="OwesCompleted">Whether it takes us for incomplete and is to hear first that we are complete.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Farewell(TrackerEntry Entry, bool KnowsUs, bool IsHearingCompleted, bool OwesCompleted);
