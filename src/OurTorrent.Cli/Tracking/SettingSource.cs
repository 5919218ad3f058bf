namespace OurTorrent.Cli.Tracking;

/// <summary>Where the values of a setting come from.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Values">Its values; at least one.</param>
/// <param name="Origin">The option, the variable, or the file and line, for people.</param>
internal sealed record SettingSource(TrackerSetting Setting, IReadOnlyList<string> Values, string Origin);
