namespace OurTorrent.Tracker.Http;

/// <summary>Addresses that mean nothing outside of their own network: loopback, private use (RFC 1918), unique local (RFC 4193), link local.</summary>
internal static class PrivateNetworks
{
    public static bool Contains(in ClientAddress address)
    {
        if (address.IsIPv6)
        {
            uint top = (uint)(address.Bits >> 96);
            return address.Bits == UInt128.One || (top >> 25) == 0x7e || (top >> 22) == 0x3fa;
        }

        uint bits = (uint)address.Bits;
        return (bits >> 24) is 127 or 10 || (bits >> 20) == 0xac1 || (bits >> 16) is 0xc0a8 or 0xa9fe;
    }
}
