namespace OurTorrent.Cli.Tracking;

/// <summary>A torrent in the JSON of <c>tracker torrent list</c>. The names of the keys are part of the command's interface.</summary>
/// <param name="InfoHash">The torrent.</param>
/// <param name="Allowed">Whether it is allowed; if not, it is denied.</param>
/// <param name="Comment">What was noted with it.</param>
/// <param name="Since">When that was decided.</param>
internal sealed record ListedTorrent(string InfoHash, bool Allowed, string Comment, DateTimeOffset Since);

/// <summary>Somebody in the JSON of <c>tracker passkey list</c>.</summary>
/// <param name="Name">Who.</param>
/// <param name="Since">When the passkey was issued.</param>
internal sealed record ListedPasskey(string Name, DateTimeOffset Since);

/// <summary>The JSON of <c>tracker passkey add</c>.</summary>
/// <param name="Name">Whom it is for.</param>
/// <param name="Passkey">The passkey.</param>
/// <param name="Urls">The announce URLs with it.</param>
internal sealed record IssuedPasskey(string Name, string Passkey, IReadOnlyList<string> Urls);

/// <summary>A source that has exceeded a limit, in the JSON of <c>tracker</c>.</summary>
/// <param name="Network">The network it is in, or its address where that may be shown.</param>
/// <param name="Ignored">Whether it is not answered any more.</param>
/// <param name="Refused">Requests of it refused.</param>
/// <param name="Dropped">Requests of it dropped.</param>
internal sealed record ListedOffender(string Network, bool Ignored, long Refused, long Dropped);

/// <summary>A setting in the JSON of <c>tracker --check-config</c>.</summary>
/// <param name="Setting">Its name.</param>
/// <param name="Values">Its values; those of a secret are left out.</param>
/// <param name="From">Where they were set.</param>
internal sealed record CheckedSetting(string Setting, IReadOnlyList<string> Values, string From);
