namespace OurTorrent.Tracker.Access;

/// <summary>Addresses from one to another, both included.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last, of the same family.</param>
internal readonly record struct AddressRange(ClientAddress First, ClientAddress Last)
{
    /// <summary>The addresses of a network.</summary>
    /// <param name="network">The network; one of IPv4 addresses mapped into IPv6 is an IPv4 one.</param>
    public static AddressRange Of(IPNetwork network)
    {
        ClientAddress first = ClientAddress.From(network.BaseAddress);
        bool isMapped = !first.IsIPv6 && network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        int bits = first.IsIPv6 ? 128 : 32;
        int length = isMapped ? Math.Max(0, network.PrefixLength - 96) : network.PrefixLength;
        UInt128 rest = length >= bits ? 0 : (UInt128.One << (bits - length)) - 1;
        if (bits - length == 128)
            rest = UInt128.MaxValue;
        return new(first with { Bits = first.Bits & ~rest }, first with { Bits = first.Bits | rest });
    }

    /// <summary>Reads an address, a network (<c>192.0.2.0/24</c>) or a range (<c>192.0.2.1-192.0.2.9</c>).</summary>
    /// <param name="text">The text.</param>
    /// <param name="range">The addresses.</param>
    /// <returns>Whether it is one of these.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out AddressRange range)
    {
        range = default;
        int dash = text.IndexOf('-');
        if (dash >= 0)
        {
            if (!TryParseAddress(text[..dash].Trim(), out ClientAddress first) || !TryParseAddress(text[(dash + 1)..].Trim(), out ClientAddress last)
                || first.IsIPv6 != last.IsIPv6 || first.Bits > last.Bits)
            {
                return false;
            }

            range = new(first, last);
            return true;
        }

        if (text.Contains('/'))
        {
            if (!IPNetwork.TryParse(text, out IPNetwork network))
                return false;
            range = Of(network);
            return true;
        }

        if (!TryParseAddress(text, out ClientAddress address))
            return false;
        range = new(address, address);
        return true;
    }

    private static bool TryParseAddress(ReadOnlySpan<char> text, out ClientAddress address)
    {
        // "10" and "0x7f.1" are addresses to the base library; in a list they are mistakes.
        address = default;
        bool isWhole = text.Contains(':') || text.Count('.') == 3;
        if (!isWhole || text.Contains('%') || !IPAddress.TryParse(text, out IPAddress? parsed))
            return false;
        address = ClientAddress.From(parsed);
        return true;
    }
}
