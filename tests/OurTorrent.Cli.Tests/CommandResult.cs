namespace OurTorrent.Cli.Tests;

/// <summary>What a command left behind.</summary>
internal sealed record CommandResult(int ExitCode, string Out, string Error, byte[] OutBytes);
