namespace OurTorrent.Bencoding;

/// <summary>Where bytes stop being bencode, what should have stood there, and what does.</summary>
/// <param name="Reason">The kind of mistake.</param>
/// <param name="Offset">Its place, in bytes from the start of the input.</param>
/// <param name="Expected">What should have stood there, for a person to read.</param>
/// <param name="Found">What stands there, for a person to read.</param>
public readonly record struct BencodeError(BencodeErrorReason Reason, int Offset, string Expected, string Found)
{
    /// <summary>One line for a person: the offset, what was expected and what was found.</summary>
    public override string ToString() =>
        Reason == BencodeErrorReason.None
            ? "No error."
            : string.Create(CultureInfo.InvariantCulture, $"Invalid bencode at byte {Offset}: expected {Expected}, found {Found}.");
}
