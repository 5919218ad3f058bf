using System.Net;

namespace OurTorrent.Peers;

/// <summary>
/// Finds the peers that sent false blocks. When a piece fails, nobody can say which block was false; once it has been
/// fetched again and is good, each block that differs from the good one names its sender. No neighbour is ever blamed.
/// </summary>
internal sealed class SmartBan
{
    /// <summary>Evidence of this many blocks is kept; that of the oldest pieces goes first.</summary>
    private const int MaxBlocks = 65_536;

    private readonly Dictionary<int, HashSet<BlockEvidence>> _failed = [];
    private readonly List<int> _oldestFirst = [];
    private int _blocks;

    /// <summary>Whether there is evidence about a piece, so that its digests are wanted once it is good.</summary>
    public bool Awaits(int piece) => _failed.ContainsKey(piece);

    /// <summary>A piece failed its hash check.</summary>
    /// <param name="piece">The index of the piece.</param>
    /// <param name="blocks">Its blocks and their senders.</param>
    /// <returns>Whom to ban at once: the one who sent the whole piece, or nobody.</returns>
    public IPAddress? Failed(int piece, IReadOnlyList<BlockEvidence> blocks)
    {
        if (blocks.Count == 0 || blocks.Count > MaxBlocks)
            return null;

        IPAddress first = blocks[0].Sender;
        if (blocks.All(block => block.Sender.Equals(first)))
            return first;

        if (!_failed.TryGetValue(piece, out HashSet<BlockEvidence>? evidence))
        {
            _failed.Add(piece, evidence = []);
            _oldestFirst.Add(piece);
        }

        // The same false block again from the same sender adds nothing.
        foreach (BlockEvidence block in blocks)
        {
            if (evidence.Add(block))
                _blocks++;
        }

        while (_blocks > MaxBlocks)
            Forget(_oldestFirst[0]);
        return null;
    }

    /// <summary>A piece passed its hash check.</summary>
    /// <param name="piece">The index of the piece.</param>
    /// <param name="digests">The digest of each of its blocks, in order.</param>
    /// <param name="guilty">Receives the senders of blocks that differ, each once.</param>
    public void Passed(int piece, ReadOnlySpan<UInt128> digests, ICollection<IPAddress> guilty)
    {
        if (!_failed.TryGetValue(piece, out HashSet<BlockEvidence>? evidence))
            return;

        foreach (BlockEvidence block in evidence)
        {
            if ((uint)block.Block < (uint)digests.Length && block.Digest != digests[block.Block] && !guilty.Contains(block.Sender))
                guilty.Add(block.Sender);
        }

        Forget(piece);
    }

    private void Forget(int piece)
    {
        _oldestFirst.Remove(piece);
        if (_failed.Remove(piece, out HashSet<BlockEvidence>? evidence))
            _blocks -= evidence.Count;
    }
}
