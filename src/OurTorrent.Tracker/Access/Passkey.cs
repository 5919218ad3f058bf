using System.Security.Cryptography;

namespace OurTorrent.Tracker.Access;

/// <summary>
/// What tells the users of a private tracker apart: 128 random bits, 32 hexadecimal digits in the path of the announce URL. Only a
/// digest of it is ever kept.
/// </summary>
internal static class Passkey
{
    /// <summary>The number of digits.</summary>
    public const int Length = 32;

    private const int MaxPath = 2048;

    /// <summary>A new one.</summary>
    public static string Create() => RandomNumberGenerator.GetHexString(Length, lowercase: true);

    /// <summary>What is kept of a passkey.</summary>
    /// <param name="digits">The digits, in lower or upper case.</param>
    public static UInt128 DigestOf(ReadOnlySpan<byte> digits)
    {
        Span<byte> lower = stackalloc byte[Length];
        for (int i = 0; i < Length; i++)
            lower[i] = (byte)(digits[i] | 0x20);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(lower, digest);

        // Half of the digest is as hard to find a passkey for as the passkey is to guess.
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    /// <summary>
    /// Finds the passkey in the path and query of an announce URL: a part of its own, as in <c>/PASSKEY/announce</c> and
    /// <c>/announce/PASSKEY</c>, or the value of <c>passkey</c> in the query.
    /// </summary>
    /// <param name="path">The path and query.</param>
    /// <param name="digits">The digits.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> digits)
    {
        digits = default;
        if (path.Length > MaxPath)
            path = path[..MaxPath];

        int question = path.IndexOf((byte)'?');
        ReadOnlySpan<byte> query = question < 0 ? default : path[(question + 1)..];
        ReadOnlySpan<byte> parts = question < 0 ? path : path[..question];
        foreach (Range range in parts.Split((byte)'/'))
        {
            if (IsPasskey(parts[range]))
            {
                digits = parts[range];
                return true;
            }
        }

        foreach (Range range in query.Split((byte)'&'))
        {
            ReadOnlySpan<byte> pair = query[range];
            if (pair.StartsWith("passkey="u8) && IsPasskey(pair["passkey="u8.Length..]))
            {
                digits = pair["passkey="u8.Length..];
                return true;
            }
        }

        return false;
    }

    private static bool IsPasskey(ReadOnlySpan<byte> text)
    {
        if (text.Length != Length)
            return false;
        foreach (byte digit in text)
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return false;
        }

        return true;
    }
}
