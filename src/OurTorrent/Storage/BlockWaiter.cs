using OurTorrent.Protocol.Peers;

namespace OurTorrent.Storage;

/// <summary>One request for a block, and who is told.</summary>
/// <param name="Store">The content it is of.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Reader">Who is told.</param>
/// <param name="State">Handed back to the reader.</param>
internal readonly record struct BlockWaiter(ContentStore Store, BlockRequest Request, IBlockReader Reader, object? State);
