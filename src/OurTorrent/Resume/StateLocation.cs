namespace OurTorrent.Resume;

/// <summary>Where what is kept from one run to the next belongs, unless the user says otherwise.</summary>
internal static class StateLocation
{
    private const string Name = "ourtorrent";

    /// <summary>The directory for this user on this machine; it may not exist yet.</summary>
    public static string Default => Resolve(
        OperatingSystem.IsWindows(),
        Environment.GetEnvironmentVariable("XDG_STATE_HOME"),
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify));

    /// <summary>The directory as the rules of the platform have it.</summary>
    /// <param name="isWindows">Whether the rules are those of Windows, or the XDG base directories of everybody else.</param>
    /// <param name="xdgStateHome">The variable of that name; ignored unless it is an absolute path, as its specification says.</param>
    /// <param name="home">The user's home directory.</param>
    /// <param name="localApplicationData">The user's directory for data that stays on this machine.</param>
    public static string Resolve(bool isWindows, string? xdgStateHome, string home, string localApplicationData)
    {
        if (isWindows)
            return Path.Combine(localApplicationData, Name);

        string state = Path.IsPathRooted(xdgStateHome) ? xdgStateHome! : Path.Combine(home, ".local", "state");
        return Path.Combine(state, Name);
    }
}
