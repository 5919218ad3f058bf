namespace OurTorrent.Tracker.Requests;

/// <summary>The requests that came one way.</summary>
/// <param name="Transport"><c>udp</c>, <c>http</c> or <c>https</c>.</param>
/// <param name="IsIPv6">Whether they came over IPv6.</param>
/// <param name="Counts">How many there have been.</param>
public sealed record TransportCounts(string Transport, bool IsIPv6, RequestCounts Counts);
