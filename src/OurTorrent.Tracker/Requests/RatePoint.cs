namespace OurTorrent.Tracker.Requests;

/// <summary>The load of one second of the past.</summary>
/// <param name="Requests">All requests a second.</param>
/// <param name="Announces">Announces a second.</param>
internal readonly record struct RatePoint(float Requests, float Announces);
