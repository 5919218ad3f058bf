namespace OurTorrent.Tracker.Http;

/// <summary>Who asks.</summary>
/// <param name="Address">The client's address.</param>
/// <param name="IsBelieved">Whether other addresses are believed that it gives as its own.</param>
internal readonly record struct HttpSource(ClientAddress Address, bool IsBelieved);
