using System.Net;
using System.Runtime.InteropServices;

namespace OurTorrent.Peers;

/// <summary>Who sent a block of a piece, and what was in it.</summary>
/// <param name="Block">The index of the block in the piece.</param>
/// <param name="Sender">The address of the peer that sent it.</param>
/// <param name="Digest">The beginning of a cryptographic hash of the block.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlockEvidence(int Block, IPAddress Sender, UInt128 Digest);
