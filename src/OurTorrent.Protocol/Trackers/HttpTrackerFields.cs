using OurTorrent.Bencoding;

namespace OurTorrent.Protocol.Trackers;

/// <summary>What every answer of an HTTP tracker may hold.</summary>
internal abstract class HttpTrackerFields
{
    /// <summary>The tracker's <c>failure reason</c>, on one line.</summary>
    public string? FailureText { get; private set; }

    /// <summary>The <c>retry in</c> beside it (BEP 31).</summary>
    public TimeSpan? RetryIn { get; private set; }

    /// <summary>Takes one entry of the answer.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="reader">On the first token of its value; left on that token, on the last one of the value, or between.</param>
    /// <returns>Whether the value was well formed as far as it was read.</returns>
    public bool TryRead(ReadOnlySpan<byte> key, ref BencodeReader reader)
    {
        // BEP 48 writes the key with an underscore.
        if (key.SequenceEqual("failure reason"u8) || key.SequenceEqual("failure_reason"u8))
            FailureText = TrackerText.OneLine(reader.ValueSpan);
        else if (key.SequenceEqual("retry in"u8))
            RetryIn = ReadRetry(ref reader);
        else
            return TryReadOwn(key, ref reader);
        return true;
    }

    protected abstract bool TryReadOwn(ReadOnlySpan<byte> key, ref BencodeReader reader);

    // BEP 31 speaks of an integer, but writes a string in its examples.
    private static TimeSpan? ReadRetry(ref BencodeReader reader)
    {
        if (reader.ValueEquals("never"u8))
            return Timeout.InfiniteTimeSpan;

        if (!reader.TryGetInt64(out long minutes) &&
            !long.TryParse(reader.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out minutes))
        {
            return null;
        }

        return minutes > 0 ? TrackerNumber.Seconds(Math.Min(minutes, int.MaxValue) * 60) : null;
    }
}
