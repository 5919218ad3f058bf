using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Transfer;

/// <summary>How a download or seeding ended.</summary>
/// <param name="ExitCode">What the shell is told.</param>
/// <param name="Message">What went wrong, in a sentence; empty when nothing did.</param>
internal sealed record TransferOutcome(ExitCode ExitCode, string Message);
