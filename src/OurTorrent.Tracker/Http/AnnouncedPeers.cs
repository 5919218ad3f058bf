namespace OurTorrent.Tracker.Http;

/// <summary>At which addresses a client that announces is to be reached (BEP 3, BEP 7).</summary>
/// <param name="First">The address it came from, or the one it gives for it where it is believed.</param>
/// <param name="Second">Its address of the other family, where it gives one and is believed.</param>
/// <param name="AsksIPv4">Whether it says that it has an IPv4 address.</param>
/// <param name="AsksIPv6">Whether it says that it has an IPv6 address.</param>
internal readonly record struct AnnouncedPeers(CompactPeer First, CompactPeer? Second, bool AsksIPv4, bool AsksIPv6)
{
    /// <summary>Puts together what stands in an announce and where it came from.</summary>
    /// <param name="announce">The announce.</param>
    /// <param name="query">The query it was read from.</param>
    /// <param name="source">Who sent it.</param>
    public static AnnouncedPeers Of(in AnnounceQuery announce, ReadOnlySpan<byte> query, in HttpSource source)
    {
        CompactPeer first = source.Address.AtPort(announce.Port);
        bool asksIPv4 = announce.IPv4.Length > 0;
        bool asksIPv6 = announce.IPv6.Length > 0;
        CompactPeer? second = null;
        if (source.IsBelieved && (asksIPv4 || asksIPv6 || announce.Ip.Length > 0))
        {
            Take(AnnouncedAddress.Read(Slice(query, announce.Ip), announce.Port), source, ref first, ref second);
            Take(AnnouncedAddress.Read(Slice(query, announce.IPv4), announce.Port), source, ref first, ref second);
            Take(AnnouncedAddress.Read(Slice(query, announce.IPv6), announce.Port), source, ref first, ref second);
        }

        return new AnnouncedPeers(first, second, asksIPv4, asksIPv6);
    }

    private static void Take(CompactPeer? announced, in HttpSource source, ref CompactPeer first, ref CompactPeer? second)
    {
        if (announced is not { } peer)
            return;

        if (peer.IsIPv6 == source.Address.IsIPv6)
            first = peer;
        else
            second = peer;
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> query, (int Start, int Length) part) => query.Slice(part.Start, part.Length);
}
