namespace OurTorrent.Tracker.Redis;

/// <summary>What one node has told the others.</summary>
/// <param name="Sequence">Its number; there is none left out.</param>
/// <param name="Node">The node.</param>
/// <param name="Changes">Encoded <see cref="SwarmChange"/>s.</param>
/// <param name="Totals">Swarms in which downloads have completed, and how many there are in all: 20 and 4 bytes each, little-endian.</param>
/// <param name="IsReload">Whether the state has changed in another way, so that it is to be taken once more.</param>
internal readonly record struct ReplicatedBatch(
    long Sequence, string Node, ReadOnlyMemory<byte> Changes, ReadOnlyMemory<byte> Totals, bool IsReload)
{
    private const int TotalLength = InfoHash.Length + sizeof(uint);

    /// <summary>Takes one entry of the stream.</summary>
    public static ReplicatedBatch From(RedisResult entry)
    {
        string id = (string?)entry[0] ?? "";
        RedisResult fields = entry[1];
        var batch = new ReplicatedBatch(long.Parse(id.AsSpan(0, id.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture), "", default, default, false);
        for (int i = 0; i + 1 < fields.Length; i += 2)
        {
            batch = (string?)fields[i] switch
            {
                "node" => batch with { Node = (string?)fields[i + 1] ?? "" },
                "changes" => batch with { Changes = (byte[]?)fields[i + 1] },
                "totals" => batch with { Totals = (byte[]?)fields[i + 1] },
                "reload" => batch with { IsReload = true },
                _ => batch,
            };
        }

        return batch;
    }

    /// <summary>Lets it happen here as well.</summary>
    /// <param name="swarms">The swarms.</param>
    /// <param name="ownNode">The name of this node, where all of it has happened already, but for what others have completed.</param>
    public void Apply(MemorySwarmStore swarms, string ownNode)
    {
        if (!string.Equals(Node, ownNode, StringComparison.Ordinal))
        {
            ReadOnlySpan<byte> changes = Changes.Span;

            // Completed downloads are counted in Redis, by all nodes together.
            for (; SwarmChange.TryRead(changes, out SwarmChange change); changes = changes[change.WireLength..])
                swarms.Apply(change with { Completed = 0 }, isRemote: false);
        }

        for (ReadOnlySpan<byte> totals = Totals.Span; totals.Length >= TotalLength; totals = totals[TotalLength..])
        {
            uint completed = BinaryPrimitives.ReadUInt32LittleEndian(totals[InfoHash.Length..]);
            swarms.Restore(new InfoHash(totals[..InfoHash.Length]), completed, [], []);
        }
    }
}
