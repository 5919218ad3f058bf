using System.CommandLine;
using System.CommandLine.Parsing;

namespace OurTorrent.Cli.Tracking;

/// <summary>The settings of a tracker as options of a command.</summary>
internal sealed class TrackerOptionSet
{
    private readonly List<(TrackerSetting Setting, Option Option)> _options = [];

    /// <summary>Makes the options.</summary>
    /// <param name="settings">The settings.</param>
    public TrackerOptionSet(IEnumerable<TrackerSetting> settings)
    {
        foreach (TrackerSetting setting in settings)
            _options.Add((setting, setting.IsSwitch ? CreateSwitch(setting) : Create(setting)));
    }

    /// <summary>Gives a command these options.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        foreach ((_, Option option) in _options)
            command.Options.Add(option);
    }

    /// <summary>What a command line says.</summary>
    /// <param name="parsed">The command line.</param>
    public IReadOnlyList<SettingSource> Read(ParseResult parsed)
    {
        var sources = new List<SettingSource>();
        foreach ((TrackerSetting setting, Option option) in _options)
        {
            if (parsed.GetResult(option) is not { Implicit: false } result)
                continue;

            IReadOnlyList<string> values = setting.IsSwitch
                ? [result.GetValueOrDefault<bool>() ? "true" : "false"]
                : result.GetValueOrDefault<IReadOnlyList<string>>();
            sources.Add(new SettingSource(setting, values, option.Name));
        }

        return sources;
    }

    private static Option<bool> CreateSwitch(TrackerSetting setting) => new("--" + setting.Name) { Description = setting.Description };

    private static Option<IReadOnlyList<string>> Create(TrackerSetting setting) => new("--" + setting.Name)
    {
        Description = setting.Description,
        HelpName = setting.ValueName,
        Arity = setting.IsList ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne,
        AllowMultipleArgumentsPerToken = false,
        CustomParser = result =>
        {
            foreach (Token token in result.Tokens)
            {
                if (!setting.Fits(token.Value))
                    result.AddError($"'{token.Value}' does not fit --{setting.Name}: {setting.Expected}.");
            }

            return [.. result.Tokens.Select(static token => token.Value)];
        },
    };
}
