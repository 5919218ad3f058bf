using System.Security.Cryptography;

namespace OurTorrent.Tracker.Redis;

/// <summary>The state in Redis, and the steps it is read and changed by.</summary>
internal sealed class RedisState(IDatabase database, RedisOptions options)
{
    private const int SwarmsAtOnce = 500;
    private const int BatchesAtOnce = 50;
    private readonly RedisValue _prefix = $"{{{options.Prefix}}}:";

    // On a cluster, this leads the scripts to the node that has all the names.
    private readonly RedisKey[] _keys = [$"{{{options.Prefix}}}:swarms"];

    /// <summary>Finds out, or decides, how the state is called.</summary>
    /// <returns>Its name, and the number of the last batch.</returns>
    public async Task<(string Epoch, long Sequence)> BeginAsync()
    {
        RedisResult result = await RunAsync(RedisScripts.Begin, Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
        return ((string?)result[0] ?? "", (long)result[1]);
    }

    /// <summary>Sends changes; again, with the same number, until it has succeeded.</summary>
    public Task PushAsync(string node, long number, uint now, ReadOnlyMemory<byte> changes) =>
        RunAsync(RedisScripts.Push, node, number, now, options.MaxBatches, changes);

    /// <summary>Reads batches after one.</summary>
    /// <returns>The name of the state, the number of the last batch there is, and the next ones.</returns>
    public async Task<(string Epoch, long Sequence, ReplicatedBatch[] Batches)> TailAsync(long last)
    {
        RedisResult result = await RunAsync(RedisScripts.Tail, last, BatchesAtOnce);
        var batches = new ReplicatedBatch[Math.Max(result[2].Length, 0)];
        for (int i = 0; i < batches.Length; i++)
            batches[i] = ReplicatedBatch.From(result[2][i]);
        return ((string?)result[0] ?? "", (long)result[1], batches);
    }

    /// <summary>Takes the whole state into memory, where it joins what is there.</summary>
    public async Task LoadAsync(MemorySwarmStore swarms, CancellationToken cancellationToken)
    {
        RedisValue cursor = "0";
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            RedisResult result = await RunAsync(RedisScripts.Dump, cursor, SwarmsAtOnce);
            cursor = (RedisValue)result[0];
            for (int i = 1; i + 3 < result.Length; i += 4)
            {
                if ((byte[]?)result[i] is { Length: InfoHash.Length } hash)
                    swarms.Restore(new InfoHash(hash), (uint)(long)result[i + 1], (byte[]?)result[i + 2], (byte[]?)result[i + 3]);
            }
        }
        while (cursor != "0");
    }

    /// <summary>Adds what memory holds to the state, where it is newer.</summary>
    public async Task MergeAsync(MemorySwarmStore swarms, uint now)
    {
        var image = new SwarmImage();
        var batch = new MergeBatch(now);
        for (ImageCursor cursor = default; swarms.NextImage(ref cursor, changedOnly: false, image);)
        {
            foreach (RedisValue[] full in batch.Add(image))
                await RunAsync(RedisScripts.Merge, full);
        }

        if (batch.Take() is { } rest)
            await RunAsync(RedisScripts.Merge, rest);
    }

    /// <summary>Asks the other nodes to take the whole state once more.</summary>
    public Task AskToReloadAsync(string node) => RunAsync(RedisScripts.AskToReload, node, options.MaxBatches);

    /// <summary>Whether this node is to clean up; one of them is, each time.</summary>
    public Task<bool> MayCleanAsync(string node, TimeSpan interval) =>
        database.StringSetAsync($"{_prefix}cleaner", node, interval, When.NotExists);

    /// <summary>Forgets peers and swarms that are too old; a node's memory does that by itself.</summary>
    public async Task CleanAsync(uint oldestPeer, uint oldestSwarm)
    {
        RedisValue cursor = "0";
        do
            cursor = (RedisValue)await RunAsync(RedisScripts.Clean, cursor, SwarmsAtOnce, oldestPeer, oldestSwarm);
        while (cursor != "0");
    }

    /// <summary>The secret that all nodes share: the one that is there, or else this one.</summary>
    public async Task<byte[]> ShareSecretAsync(byte[] proposal)
    {
        RedisKey key = $"{_prefix}connection-id-key";
        await database.StringSetAsync(key, proposal, expiry: null, When.NotExists);
        return (byte[]?)await database.StringGetAsync(key) is { } secret && secret.Length == proposal.Length
            ? secret
            : throw new SwarmStoreException($"The value of '{key}' in Redis is not {proposal.Length} bytes long. Delete it, or choose another prefix.");
    }

    private Task<RedisResult> RunAsync(string script, params RedisValue[] values) =>
        database.ScriptEvaluateAsync(script, _keys, [_prefix, .. values]);
}
