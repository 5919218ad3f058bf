namespace OurTorrent.Crash.Programs;

/// <summary>One line of <c>get --json</c>.</summary>
/// <param name="Event">What it is about.</param>
/// <param name="Port">The port it listens on.</param>
/// <param name="BytesHashed">What was hashed before it began.</param>
/// <param name="BytesCompleted">What it says is there.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="ExitCode">What it tells the shell.</param>
internal sealed record TransferLine(string Event, int? Port, long? BytesHashed, long? BytesCompleted, string? Message, int? ExitCode)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Reads a line.</summary>
    public static TransferLine Parse(string line) => JsonSerializer.Deserialize<TransferLine>(line, Options)!;
}
