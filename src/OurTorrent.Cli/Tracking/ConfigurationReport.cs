using OurTorrent.Cli.Terminal;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Access;

namespace OurTorrent.Cli.Tracking;

/// <summary>What <c>tracker --check-config</c> says: what would be used, and from where it comes.</summary>
internal static class ConfigurationReport
{
    /// <summary>Checks what the configuration names, and prints it.</summary>
    /// <param name="run">Where to.</param>
    /// <param name="configuration">The configuration.</param>
    /// <exception cref="CommandException">Something in it cannot be used.</exception>
    public static void Print(CommandRun run, TrackerConfiguration configuration)
    {
        TrackerOptions options = configuration.Setup.Options;
        try
        {
            options.Validate();
            options.CheckFiles();
        }
        catch (ArgumentException e)
        {
            throw new CommandException(ExitCode.WrongUsage, e.Message, e);
        }
        catch (Exception e) when (e is AccessListException or TrackerException)
        {
            throw new CommandException(ExitCode.CannotRead, e.Message, e);
        }

        List<CheckedSetting> settings = [.. configuration.Sources.Select(Describe)];
        AddDefault("udp", options.UdpEndPoints);
        AddDefault("http", options.HttpEndPoints);
        if (run.Json)
        {
            run.PrintJson<IReadOnlyList<CheckedSetting>>(settings, TrackingJson.Readable.IReadOnlyListCheckedSetting);
            return;
        }

        var table = new Table("CONFIGURATION", "Setting", "Value", "From");
        foreach (CheckedSetting setting in settings)
            table.Add(setting.Setting, string.Join(' ', setting.Values), setting.From);
        run.Screen.Print(table);

        void AddDefault(string name, IReadOnlyList<System.Net.IPEndPoint> endPoints)
        {
            if (endPoints.Count > 0 && !configuration.Sources.Any(source => source.Setting.Name == name))
                settings.Add(new CheckedSetting(name, [.. endPoints.Select(static endPoint => endPoint.ToString())], "default"));
        }
    }

    private static CheckedSetting Describe(SettingSource source) =>
        new(source.Setting.Name, source.Setting.IsSecret ? ["(not shown)"] : source.Values, source.Origin);
}
