using OurTorrent.Tracker;

namespace OurTorrent.Cli.Tracking;

/// <summary>
/// One thing that can be set for a tracker: as an option (<c>--max-torrents 5</c>), in the environment
/// (<c>OURTORRENT_TRACKER_MAX_TORRENTS=5</c>) and in the configuration file (<c>"maxTorrents": 5</c>), with the same values everywhere.
/// </summary>
/// <param name="name">The name of the option, without its dashes.</param>
/// <param name="valueName">What a value is called in the help; null for a switch, which has none.</param>
/// <param name="description">What it does.</param>
/// <param name="expected">What a value must be, for the message when it is not.</param>
/// <param name="apply">Puts a value into the options; null when it does not fit.</param>
internal sealed class TrackerSetting(
    string name, string? valueName, string description, string expected, Func<TrackerSetup, string, TrackerSetup?> apply)
{
    /// <summary>What the names of variables in the environment begin with.</summary>
    public const string VariablePrefix = "OURTORRENT_TRACKER_";

    /// <summary>The name of the option, without its dashes.</summary>
    public string Name => name;

    /// <summary>The name of the variable in the environment.</summary>
    public string Variable { get; } = VariablePrefix + name.Replace('-', '_').ToUpperInvariant();

    /// <summary>The key in the configuration file.</summary>
    public string Key { get; } = string.Concat(name.Split('-').Select(static (word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>What a value is called in the help; null for a switch.</summary>
    public string? ValueName => valueName;

    /// <summary>What it does.</summary>
    public string Description => description;

    /// <summary>What a value must be.</summary>
    public string Expected => expected;

    /// <summary>Whether it may be given several values.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether its values are paths, which in a file start from the file's folder.</summary>
    public bool IsPath { get; init; }

    /// <summary>Whether its values are to be seen by nobody.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether it is on or off.</summary>
    public bool IsSwitch => valueName is null;

    /// <summary>Whether a value has the form.</summary>
    /// <param name="value">The value.</param>
    public bool Fits(string value) => Apply(new TrackerSetup(new TrackerOptions()), value) is not null;

    /// <summary>Puts a value into the options.</summary>
    /// <param name="setup">What was set so far.</param>
    /// <param name="value">The value; of a switch <c>true</c> or <c>false</c>.</param>
    /// <returns>The same with it; null when it does not fit.</returns>
    public TrackerSetup? Apply(TrackerSetup setup, string value) => apply(setup, value);
}
