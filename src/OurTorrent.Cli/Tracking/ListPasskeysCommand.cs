using System.CommandLine;
using System.Globalization;
using OurTorrent.Cli.Terminal;
using OurTorrent.Tracker.Access;

namespace OurTorrent.Cli.Tracking;

/// <summary><c>ourtorrent tracker passkey list</c>.</summary>
/// <param name="environment">What it sees of the process.</param>
/// <param name="common">The options every command has.</param>
internal sealed class ListPasskeysCommand(CommandEnvironment environment, CommonOptions common) : AccessCommand(
    environment, common, "list", "List who has a passkey.", mayCreate: false, "ourtorrent tracker passkey list --database tracker.db")
{
    /// <inheritdoc/>
    protected override Task<ExitCode> RunAsync(ParseResult parsed, CommandRun run, AccessDatabase database, CancellationToken cancellationToken)
    {
        IReadOnlyList<PasskeyHolder> holders = database.GetPasskeys();
        if (run.Json)
        {
            run.PrintJson<IReadOnlyList<ListedPasskey>>(
                [.. holders.Select(static holder => new ListedPasskey(holder.Name, holder.Created))], TrackingJson.Readable.IReadOnlyListListedPasskey);
        }
        else if (holders.Count == 0)
        {
            run.Say("nobody has a passkey.");
        }
        else
        {
            var table = new Table("PASSKEYS", "Name", "Since");
            foreach (PasskeyHolder holder in holders)
                table.Add(holder.Name, holder.Created.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            run.Screen.Print(table);
        }

        return Task.FromResult(ExitCode.Done);
    }
}
