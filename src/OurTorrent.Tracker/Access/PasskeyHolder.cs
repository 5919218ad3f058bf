namespace OurTorrent.Tracker.Access;

/// <summary>Somebody who was given a passkey.</summary>
/// <param name="Name">The name it was issued to.</param>
/// <param name="Created">When.</param>
public sealed record PasskeyHolder(string Name, DateTimeOffset Created);
