using System.Runtime.InteropServices;

namespace OurTorrent.Peers;

/// <summary>A peer that is to be told of its new state.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Unchoke">Whether it is unchoked now.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChokeChange(ChokerPeer Peer, bool Unchoke);
