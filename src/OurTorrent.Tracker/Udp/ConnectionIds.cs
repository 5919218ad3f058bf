using System.Security.Cryptography;

namespace OurTorrent.Tracker.Udp;

/// <summary>
/// Connection ids (BEP 15) that need no memory. The low 8 bits of an id are those of the second in which it was issued, the other
/// 56 those of a digest, under a secret key, of that second and the client's address. So whoever has a valid one has
/// received what was sent to that address, not long ago: nobody gets an answer for someone else's address.
/// </summary>
internal sealed class ConnectionIds
{
    /// <summary>How long an id holds, in whole seconds: 120 s after it was issued at the least, and not any more at 121 s.</summary>
    public const int Lifetime = 120;

    /// <summary>How far ahead the clock of another node that has the same key may be, in seconds.</summary>
    public const int ClockSkew = 60;

    private const int SecondsBits = 8;
    private const ulong SecondsMask = (1UL << SecondsBits) - 1;

    private readonly SipHash _hash;

    /// <summary>Takes the key.</summary>
    /// <param name="key">The key, of <see cref="SipHash.KeyLength"/> bytes; empty for a new one.</param>
    public ConnectionIds(ReadOnlySpan<byte> key)
    {
        _hash = new SipHash(key.IsEmpty ? RandomNumberGenerator.GetBytes(SipHash.KeyLength) : key);
    }

    /// <summary>The id for a client.</summary>
    /// <param name="client">Its address; any of its ports may use the id, since some clients and NATs change them.</param>
    /// <param name="now">Seconds since 1970.</param>
    public ulong Issue(in ClientAddress client, uint now) => (DigestOf(client, now) & ~SecondsMask) | (now & SecondsMask);

    /// <summary>Whether an id was issued to this client and still holds.</summary>
    /// <param name="id">The id.</param>
    /// <param name="client">The address it comes from.</param>
    /// <param name="now">Seconds since 1970.</param>
    public bool IsValid(ulong id, in ClientAddress client, uint now)
    {
        uint age = (now - (uint)id) & (uint)SecondsMask;
        uint issued = now - age;
        if (age > Lifetime)
        {
            issued += 1 << SecondsBits;
            if (issued - now > ClockSkew)
                return false;
        }

        return Issue(client, issued) == id;
    }

    private ulong DigestOf(in ClientAddress client, uint second) => client.IsIPv6
        ? _hash.Of((ulong)(client.Bits >> 64), (ulong)client.Bits, second)
        : _hash.Of((uint)client.Bits | ((ulong)second << 32));
}
