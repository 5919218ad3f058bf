namespace OurTorrent.Cli.Terminal;

/// <summary>Ends a command with one line for a person and an exit code for the shell.</summary>
/// <param name="exitCode">What the shell is told.</param>
/// <param name="message">One sentence, lower case, without the name of the program.</param>
/// <param name="innerException">What caused it, shown with <c>--verbose</c> only.</param>
internal sealed class CommandException(ExitCode exitCode, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What the shell is told.</summary>
    public ExitCode ExitCode { get; } = exitCode;
}
