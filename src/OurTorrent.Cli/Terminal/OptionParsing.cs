using System.CommandLine;
using System.Globalization;
using System.Net;

namespace OurTorrent.Cli.Terminal;

/// <summary>Options whose values have a form of their own.</summary>
internal static class OptionParsing
{
    /// <summary>Tries to read a value.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="value">The value read.</param>
    /// <returns>Whether it has the form.</returns>
    public delegate bool Reader<T>(string text, out T value);

    /// <summary>Makes an option that is given at most once.</summary>
    /// <param name="name">The name, with its dashes.</param>
    /// <param name="valueName">What its value is called in the help.</param>
    /// <param name="description">What it does.</param>
    /// <param name="expected">What the value must be, for the message when it is not.</param>
    /// <param name="read">Reads the value.</param>
    /// <param name="aliases">Other names.</param>
    public static Option<T?> Create<T>(
        string name, string valueName, string description, string expected, Reader<T> read, params string[] aliases)
        where T : struct => new(name, aliases)
        {
            Description = description,
            HelpName = valueName,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (read(text, out T value))
                    return value;

                result.AddError($"'{text}' does not fit {name}: {expected}.");
                return null;
            },
        };

    /// <summary>Makes an option that may be given again and again, each time with one value.</summary>
    /// <param name="name">The name, with its dashes.</param>
    /// <param name="valueName">What its value is called in the help.</param>
    /// <param name="description">What it does.</param>
    /// <param name="expected">What a value must be, for the message when it is not.</param>
    /// <param name="read">Reads a value; null when it has another form.</param>
    /// <param name="aliases">Other names.</param>
    public static Option<IReadOnlyList<T>> CreateList<T>(
        string name, string valueName, string description, string expected, Func<string, T?> read, params string[] aliases)
        where T : class => new(name, aliases)
        {
            Description = description,
            HelpName = valueName,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
            DefaultValueFactory = static _ => [],
            CustomParser = result =>
            {
                var values = new List<T>();
                foreach (System.CommandLine.Parsing.Token token in result.Tokens)
                {
                    if (read(token.Value) is { } value)
                        values.Add(value);
                    else
                        result.AddError($"'{token.Value}' does not fit {name}: {expected}.");
                }

                return values;
            },
        };

    /// <summary>Makes the option <c>--bind</c>.</summary>
    /// <param name="description">What it does.</param>
    public static Option<IPAddress?> CreateBind(string description) => new("--bind")
    {
        Description = description,
        HelpName = "ADDRESS",
        CustomParser = static result =>
        {
            if (IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address))
                return address;

            result.AddError($"'{result.Tokens[0].Value}' does not fit --bind: an IPv4 or IPv6 address is needed.");
            return null;
        },
    };

    /// <summary>Reads a whole number within bounds.</summary>
    /// <param name="least">The least allowed.</param>
    /// <param name="most">The most allowed.</param>
    public static Reader<int> Whole(int least, int most) => (string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
        && value >= least && value <= most;

    /// <summary>Reads a number of at least zero, with or without decimals.</summary>
    public static bool Number(string text, out double value) =>
        double.TryParse(
            text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
        && double.IsFinite(value);
}
