using OurTorrent.Tracker.Requests;

namespace OurTorrent.Tracker.Http.Pages;

/// <summary>The requests that came one way, as JSON.</summary>
internal sealed record TransportDocument(string Transport, string Family, RequestCounts Requests);
