namespace OurTorrent.Tracker.Redis;

/// <summary>
/// What runs in Redis. Each script is one step that happens as a whole or not at all, so that the state, its log and the count of its
/// batches always agree. All names share a prefix in braces: on a cluster they are on one node.
/// <list type="bullet">
/// <item><c>swarms</c>: a sorted set of info-hashes by the time of their last change.</item>
/// <item><c>swarm:HASH</c>: a hash of each swarm's peers; the field is the compact peer, the value its key and the time it was last
/// heard of (4 bytes each, little-endian) and its kind. The field <c>c</c> counts completed downloads.</item>
/// <item><c>sequence</c>, <c>changes</c>: how many batches there have been, and a stream of the last ones under those numbers.</item>
/// <item><c>epoch</c>: a random name for this state; where it is another one, everything was lost meanwhile.</item>
/// <item><c>node:ID</c>: the last batch of a node, so that one sent twice counts once.</item>
/// <item><c>connection-id-key</c>: the secret under which all nodes make connection ids.</item>
/// </list>
/// </summary>
internal static class RedisScripts
{
    /// <summary>Prefix, a name for a new state: makes sure that the state has a name, and tells it and the last batch.</summary>
    public const string Begin = """
        local p = ARGV[1]
        redis.call('SET', p .. 'epoch', ARGV[2], 'NX')
        return { redis.call('GET', p .. 'epoch'), redis.call('GET', p .. 'sequence') or '0' }
        """;

    /// <summary>Prefix, node, number of the batch, now, batches kept, encoded changes: applies them and tells the other nodes.</summary>
    public const string Push = """
        local p, data = ARGV[1], ARGV[6]
        local mark = p .. 'node:' .. ARGV[2]
        if tonumber(redis.call('GET', mark) or '0') >= tonumber(ARGV[3]) then return 0 end
        local touched, totals, i = {}, {}, 1
        while i <= #data do
          local flags, length = string.byte(data, i), 6
          if flags >= 128 then flags = flags - 128; length = 18 end
          local hash = string.sub(data, i + 1, i + 20)
          local key = p .. 'swarm:' .. hash
          local peer = string.sub(data, i + 21, i + 20 + length)
          local rest = i + 21 + length
          local kind = flags % 16
          if kind == 0 then
            redis.call('HDEL', key, peer)
          else
            redis.call('HSET', key, peer, string.sub(data, rest, rest + 7) .. string.char(kind))
          end
          if flags >= 64 then totals[hash] = redis.call('HINCRBY', key, 'c', 1) end
          touched[hash] = true
          i = rest + 12
        end
        for hash in pairs(touched) do redis.call('ZADD', p .. 'swarms', ARGV[4], hash) end
        local list = {}
        for hash, total in pairs(totals) do list[#list + 1] = hash .. struct.pack('<I4', total) end
        local id = string.format('%.0f-0', redis.call('INCR', p .. 'sequence'))
        redis.call('XADD', p .. 'changes', 'MAXLEN', '~', ARGV[5], id, 'node', ARGV[2], 'changes', data, 'totals', table.concat(list))
        redis.call('SET', mark, ARGV[3], 'EX', 86400)
        return 1
        """;

    /// <summary>Prefix, last batch known, how many at most: the name of the state, the last batch there is, and those in between.</summary>
    public const string Tail = """
        local p = ARGV[1]
        return {
          redis.call('GET', p .. 'epoch') or '', redis.call('GET', p .. 'sequence') or '0',
          redis.call('XRANGE', p .. 'changes', string.format('%.0f-0', ARGV[2] + 1), '+', 'COUNT', ARGV[3]) }
        """;

    /// <summary>Prefix, cursor, how many about: the next cursor, and of each swarm its hash, count of completed downloads, IPv4 and IPv6 peers.</summary>
    public const string Dump = """
        local p = ARGV[1]
        local scan = redis.call('ZSCAN', p .. 'swarms', ARGV[2], 'COUNT', ARGV[3])
        local out = { scan[1] }
        for m = 1, #scan[2], 2 do
          local hash = scan[2][m]
          local fields = redis.call('HGETALL', p .. 'swarm:' .. hash)
          local ipv4, ipv6, completed = {}, {}, '0'
          for i = 1, #fields, 2 do
            local name = fields[i]
            if #name == 6 then
              ipv4[#ipv4 + 1] = name; ipv4[#ipv4 + 1] = fields[i + 1]
            elseif #name == 18 then
              ipv6[#ipv6 + 1] = name; ipv6[#ipv6 + 1] = fields[i + 1]
            elseif name == 'c' then
              completed = fields[i + 1]
            end
          end
          out[#out + 1] = hash
          out[#out + 1] = completed
          out[#out + 1] = table.concat(ipv4)
          out[#out + 1] = table.concat(ipv6)
        end
        return out
        """;

    /// <summary>Prefix, now, then of each swarm its hash, count of completed downloads, IPv4 and IPv6 peers: adds what is newer than the state.</summary>
    public const string Merge = """
        local p = ARGV[1]
        local function put(key, bytes, length)
          for i = 1, #bytes, length + 9 do
            local peer = string.sub(bytes, i, i + length - 1)
            local value = string.sub(bytes, i + length, i + length + 8)
            local known = redis.call('HGET', key, peer)
            if not known or struct.unpack('<I4', known, 5) < struct.unpack('<I4', value, 5) then redis.call('HSET', key, peer, value) end
          end
        end
        for i = 3, #ARGV, 4 do
          local key = p .. 'swarm:' .. ARGV[i]
          redis.call('ZADD', p .. 'swarms', ARGV[2], ARGV[i])
          if tonumber(redis.call('HGET', key, 'c') or '0') < tonumber(ARGV[i + 1]) then redis.call('HSET', key, 'c', ARGV[i + 1]) end
          put(key, ARGV[i + 2], 6)
          put(key, ARGV[i + 3], 18)
        end
        return 1
        """;

    /// <summary>Prefix, node, batches kept: asks the other nodes to take the whole state once more.</summary>
    public const string AskToReload = """
        local p = ARGV[1]
        local id = string.format('%.0f-0', redis.call('INCR', p .. 'sequence'))
        redis.call('XADD', p .. 'changes', 'MAXLEN', '~', ARGV[3], id, 'node', ARGV[2], 'reload', '1')
        return 1
        """;

    /// <summary>Prefix, cursor, how many about, times before which peers and swarms without peers are forgotten: the next cursor.</summary>
    public const string Clean = """
        local p = ARGV[1]
        local scan = redis.call('ZSCAN', p .. 'swarms', ARGV[2], 'COUNT', ARGV[3])
        for m = 1, #scan[2], 2 do
          local hash, changed = scan[2][m], tonumber(scan[2][m + 1])
          local key, cursor = p .. 'swarm:' .. hash, '0'
          repeat
            local page = redis.call('HSCAN', key, cursor, 'COUNT', 500)
            cursor = page[1]
            for i = 1, #page[2], 2 do
              if #page[2][i] > 1 and struct.unpack('<I4', page[2][i + 1], 5) < tonumber(ARGV[4]) then redis.call('HDEL', key, page[2][i]) end
            end
          until cursor == '0'
          local left = redis.call('HLEN', key)
          if left == 1 and changed < tonumber(ARGV[5]) and redis.call('HDEL', key, 'c') == 1 then left = 0 end
          if left == 0 then redis.call('ZREM', p .. 'swarms', hash) end
        end
        return scan[1]
        """;
}
