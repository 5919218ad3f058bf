using System.Globalization;
using System.Text;
using System.Text.Json;
using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Tracking;

/// <summary>
/// The configuration file of a tracker: one JSON object, in which comments and trailing commas are allowed. A key that is not known is
/// an error, for it is a setting that somebody believes to be in force.
/// </summary>
internal ref struct ConfigurationFile
{
    private const int Limit = 1024 * 1024;
    private readonly string _name;
    private readonly string _folder;
    private readonly ReadOnlySpan<byte> _json;
    private readonly IReadOnlyList<TrackerSetting> _known;
    private readonly List<SettingSource> _found = [];
    private Utf8JsonReader _reader;

    private ConfigurationFile(string name, string folder, ReadOnlySpan<byte> json, IReadOnlyList<TrackerSetting> known)
    {
        _name = name;
        _folder = folder;
        _json = json;
        _known = known;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    }

    /// <summary>Reads a file.</summary>
    /// <param name="environment">Gives relative paths their beginning.</param>
    /// <param name="name">The file, as the user names it.</param>
    /// <param name="known">The settings there are.</param>
    /// <returns>What it sets.</returns>
    /// <exception cref="CommandException">It cannot be read (4), or something in it is wrong (2).</exception>
    public static IReadOnlyList<SettingSource> Read(CommandEnvironment environment, string name, IReadOnlyList<TrackerSetting> known)
    {
        try
        {
            string path = environment.Resolve(name);
            if (new FileInfo(path) is { Exists: true, Length: > Limit })
                throw new CommandException(ExitCode.CannotRead, $"cannot read {name}: a configuration of more than 1 MB is none.");
            return Parse(name, Path.GetDirectoryName(path) ?? "", File.ReadAllBytes(path), known);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(ExitCode.CannotRead, $"cannot read {name}: {FileErrors.Explain(e)}.", e);
        }
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="name">The file, for messages.</param>
    /// <param name="folder">The folder relative paths start from.</param>
    /// <param name="json">The text.</param>
    /// <param name="known">The settings there are.</param>
    /// <exception cref="CommandException">Something in it is wrong.</exception>
    public static IReadOnlyList<SettingSource> Parse(string name, string folder, ReadOnlySpan<byte> json, IReadOnlyList<TrackerSetting> known)
    {
        if (json.StartsWith("\uFEFF"u8))
            json = json[3..];
        var file = new ConfigurationFile(name, folder, json, known);
        try
        {
            file.ReadAll();
        }
        catch (JsonException e)
        {
            throw new CommandException(ExitCode.WrongUsage, string.Create(
                CultureInfo.InvariantCulture,
                $"{name}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: not valid JSON: {Reason(e)}."), e);
        }

        return file._found;
    }

    private void ReadAll()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
            throw Error("an object { ... } is needed");

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = _reader.GetString() ?? "";
            TrackerSetting setting = _known.FirstOrDefault(setting => setting.Key == key) ?? throw Error(Unknown(key));
            if (_found.Exists(found => found.Setting == setting))
                throw Error($"'{key}' stands here a second time");
            ReadValue(setting);
        }

        // What follows the object is read for the error it is.
        _reader.Read();
    }

    private void ReadValue(TrackerSetting setting)
    {
        var values = new List<string>();
        int line = 0;
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.Null)
            return;

        bool isArray = _reader.TokenType == JsonTokenType.StartArray;
        if (isArray && !setting.IsList)
            throw Error($"'{setting.Key}' takes one value, not a list");
        if (isArray)
            _reader.Read();
        while (_reader.TokenType != JsonTokenType.EndArray)
        {
            string value = ReadOne(setting);
            line = line == 0 ? Position().Line : line;
            if (!setting.Fits(value))
                throw Error($"'{value}' does not fit '{setting.Key}': {setting.Expected}");
            values.Add(setting.IsPath ? Path.GetFullPath(value, _folder) : value);
            if (!isArray)
                break;
            _reader.Read();
        }

        if (values.Count > 0)
            _found.Add(new SettingSource(setting, values, string.Create(CultureInfo.InvariantCulture, $"{_name}:{line}")));
    }

    private readonly string ReadOne(TrackerSetting setting) => _reader.TokenType switch
    {
        JsonTokenType.String when !setting.IsSwitch => _reader.GetString() ?? "",
        JsonTokenType.Number when !setting.IsSwitch => Encoding.UTF8.GetString(_reader.ValueSpan),
        JsonTokenType.True when setting.IsSwitch => "true",
        JsonTokenType.False when setting.IsSwitch => "false",
        _ => throw Error(setting.IsSwitch ? $"'{setting.Key}' is either true or false" : $"'{setting.Key}' takes a string or a number"),
    };

    private readonly string Unknown(string key)
    {
        string? near = _known.Select(static setting => setting.Key).MinBy(name => EditDistance.Between(name, key));
        string advice = near is not null && EditDistance.Between(near, key) <= Math.Max(2, key.Length / 3) ? $"; did you mean '{near}'?" : "";
        return $"there is no setting '{key}'{advice}";
    }

    private readonly CommandException Error(string message)
    {
        (int line, int column) = Position();
        return new CommandException(ExitCode.WrongUsage, string.Create(
            CultureInfo.InvariantCulture, $"{_name}:{line}:{column}: {message}{(message.EndsWith('?') ? "" : ".")}"));
    }

    private readonly (int Line, int Column) Position()
    {
        ReadOnlySpan<byte> before = _json[..(int)_reader.TokenStartIndex];
        return (before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }

    private static string Reason(JsonException e)
    {
        // The reader's own words end with the place, which has been said, in numbers that count from zero.
        int place = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string reason = (place < 0 ? e.Message : e.Message[..place]).TrimEnd('.');
        return char.ToLowerInvariant(reason[0]) + reason[1..];
    }
}
