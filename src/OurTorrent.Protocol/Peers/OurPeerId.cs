using System.Security.Cryptography;

namespace OurTorrent.Protocol.Peers;

/// <summary>How this client names itself: Azureus style, with the letters <c>OT</c> (BEP 20).</summary>
public static class OurPeerId
{
    /// <summary>The name and version for people, as sent in the extension handshake (BEP 10).</summary>
    public const string ClientName = "OurTorrent 0.1.0";

    /// <summary>What every peer id of this client begins with.</summary>
    public const string Prefix = "-OT0100-";

    // Letters and digits only: such an id reads well in a table and needs no escaping in an announce.
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Makes a peer id that can be foretold from the seed of the randomness, as a simulation needs.</summary>
    /// <param name="random">The source of randomness.</param>
    public static PeerId Create(Random random)
    {
        Span<byte> id = stackalloc byte[PeerId.Length];
        Encoding.ASCII.GetBytes(Prefix, id);
        for (int i = Prefix.Length; i < id.Length; i++)
            id[i] = (byte)Alphabet[random.Next(Alphabet.Length)];
        return new PeerId(id);
    }

    /// <summary>Makes a peer id that nobody can foretell.</summary>
    /// <param name="random">The source of randomness.</param>
    public static PeerId Create(RandomNumberGenerator random)
    {
        Span<byte> id = stackalloc byte[PeerId.Length];
        Encoding.ASCII.GetBytes(Prefix, id);
        Span<byte> value = stackalloc byte[1];
        int fair = byte.MaxValue - (byte.MaxValue % Alphabet.Length);
        for (int i = Prefix.Length; i < id.Length; i++)
        {
            // Drawn again beyond the last whole alphabet, or the first letters would come up more often.
            do
                random.GetBytes(value);
            while (value[0] >= fair);

            id[i] = (byte)Alphabet[value[0] % Alphabet.Length];
        }

        return new PeerId(id);
    }
}
