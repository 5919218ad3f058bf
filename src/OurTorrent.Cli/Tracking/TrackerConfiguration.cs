using OurTorrent.Cli.Terminal;
using OurTorrent.Tracker;

namespace OurTorrent.Cli.Tracking;

/// <summary>What a tracker was told: on the command line, which comes first, in the environment, and in a file.</summary>
/// <param name="Setup">What it shall do.</param>
/// <param name="Sources">What was set, in the order of the help, and where.</param>
internal sealed record TrackerConfiguration(TrackerSetup Setup, IReadOnlyList<SettingSource> Sources)
{
    /// <summary>The variable that names the configuration file.</summary>
    public const string FileVariable = TrackerSetting.VariablePrefix + "CONFIG";

    /// <summary>Puts together what was said.</summary>
    /// <param name="environment">Has the variables.</param>
    /// <param name="settings">The settings there are.</param>
    /// <param name="given">What the command line says.</param>
    /// <param name="file">The configuration file, or null for the one of the environment, if any.</param>
    /// <param name="warn">Is told of variables that mean nothing.</param>
    /// <exception cref="CommandException">Something is wrong with the environment or the file.</exception>
    public static TrackerConfiguration Read(
        CommandEnvironment environment,
        IReadOnlyList<TrackerSetting> settings,
        IReadOnlyList<SettingSource> given,
        string? file,
        Action<string> warn)
    {
        if (file is null && environment.Variables.TryGetValue(FileVariable, out string? named) && named.Length > 0)
            file = named;

        IReadOnlyList<SettingSource> variables = ReadVariables(environment, settings, warn);
        IReadOnlyList<SettingSource> kept = file is null ? [] : ConfigurationFile.Read(environment, file, settings);
        var sources = new List<SettingSource>();
        var setup = new TrackerSetup(new TrackerOptions { TimeProvider = environment.Time });
        foreach (TrackerSetting setting in settings)
        {
            SettingSource? source = new[] { given, variables, kept }
                .Select(all => all.FirstOrDefault(source => source.Setting == setting))
                .FirstOrDefault(static source => source is not null);
            if (source is null)
                continue;

            sources.Add(source);
            foreach (string value in source.Values)
                setup = setting.Apply(setup, setting.IsPath ? environment.Resolve(value) : value) ?? setup;
        }

        return new TrackerConfiguration(Complete(setup, sources), sources);
    }

    /// <summary>Adds what follows from what was said, and checks that it makes sense together.</summary>
    private static TrackerSetup Complete(TrackerSetup setup, List<SettingSource> sources)
    {
        TrackerOptions options = setup.Options;
        if (options is { UdpEndPoints.Count: 0, HttpEndPoints.Count: 0, HttpsEndPoints.Count: 0 })
        {
            options = options with
            {
                UdpEndPoints = ListenAddress.All(TrackerSettings.DefaultPort),
                HttpEndPoints = ListenAddress.All(TrackerSettings.DefaultPort),
            };
        }

        if (options.MaxAnnounceInterval < options.AnnounceInterval)
        {
            Require(!IsSet("max-interval"), "max-interval is shorter than interval");
            options = options with { MaxAnnounceInterval = options.AnnounceInterval };
        }

        if (options.MaxNumWant < options.DefaultNumWant)
        {
            Require(!IsSet("numwant") || !IsSet("max-numwant"), "numwant is more than max-numwant");
            options = IsSet("numwant") ? options with { MaxNumWant = options.DefaultNumWant } : options with { DefaultNumWant = options.MaxNumWant };
        }

        Require(options.HttpsEndPoints.Count == 0 || options.Http.CertificateFile is not null, "https needs a certificate");
        Require(options.Http.CertificateKeyFile is null || options.Http.CertificateFile is not null, "certificate-key needs certificate");
        Require(!options.Access.Private || options.Database is not null, "private needs a database, which holds the passkeys");
        Require(setup.Redis is not { Configuration: "" }, "redis-prefix needs redis");
        Require(setup.Redis is null || !IsSet("flush-interval"), "flush-interval is of the database, and with redis the swarms are not kept there");

        // The swarms are in Redis then, and the database says who may use this tracker.
        if (setup.Redis is not null)
            options = options with { Database = null, Access = options.Access with { Database = options.Database } };
        return setup with { Options = options };

        bool IsSet(string name) => sources.Exists(source => source.Setting.Name == name);

        static void Require(bool condition, string otherwise)
        {
            if (!condition)
                throw new CommandException(ExitCode.WrongUsage, otherwise + ".");
        }
    }

    private static List<SettingSource> ReadVariables(CommandEnvironment environment, IReadOnlyList<TrackerSetting> settings, Action<string> warn)
    {
        var sources = new List<SettingSource>();
        foreach ((string name, string text) in environment.Variables.OrderBy(static variable => variable.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(TrackerSetting.VariablePrefix, StringComparison.Ordinal) || name == FileVariable || text.Length == 0)
                continue;

            TrackerSetting? setting = settings.FirstOrDefault(setting => setting.Variable == name);
            if (setting is null)
            {
                // Not an error: Kubernetes gives every container variables named after the services around it.
                warn($"the variable {name} means nothing to this program.");
                continue;
            }

            string[] values = setting.IsList ? text.Split([',', ' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries) : [text];
            if (setting.IsSwitch)
                values = [.. values.Select(static value => value switch { "1" => "true", "0" => "false", _ => value.ToLowerInvariant() })];
            foreach (string value in values)
            {
                if (!setting.Fits(value))
                    throw new CommandException(ExitCode.WrongUsage, $"'{value}' does not fit the variable {name}: {setting.Expected}.");
            }

            if (values.Length > 0)
                sources.Add(new SettingSource(setting, values, "$" + name));
        }

        return sources;
    }
}
