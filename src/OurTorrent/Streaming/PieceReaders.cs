namespace OurTorrent.Streaming;

/// <summary>
/// Those who read the content while it arrives: what each waits for, and which pieces are hurried for them all. Belongs to
/// the loop's thread.
/// </summary>
internal sealed class PieceReaders
{
    /// <summary>How long a reader waits for a piece before the piece counts as late, and is asked of faster peers as well.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly List<Reader> _readers = [];

    /// <summary>Whether anybody reads.</summary>
    public bool IsEmpty => _readers.Count == 0;

    /// <summary>Begins to wait for a piece, which is hurried with some that follow it.</summary>
    /// <param name="owner">Who reads; what it waited for before is forgotten.</param>
    /// <param name="piece">The piece it cannot go on without.</param>
    /// <param name="end">The piece after the last one it will soon need.</param>
    /// <param name="now">The time.</param>
    /// <returns>Ends when the piece is there.</returns>
    public Task WaitFor(object owner, int piece, int end, TimeSpan now)
    {
        Leave(owner);
        var reader = new Reader(owner, piece, end, now);
        _readers.Add(reader);
        return reader.Arrived.Task;
    }

    /// <summary>A reader needs nothing any more.</summary>
    public void Leave(object owner)
    {
        for (int i = _readers.Count - 1; i >= 0; i--)
        {
            if (_readers[i].Owner != owner)
                continue;

            _readers[i].Arrived.TrySetCanceled();
            _readers.RemoveAt(i);
        }
    }

    /// <summary>A piece is there: whoever waited for it goes on.</summary>
    public void Arrived(int piece)
    {
        foreach (Reader reader in _readers)
        {
            if (reader.Piece == piece)
                reader.Arrived.TrySetResult();
        }
    }

    /// <summary>Looks what each reader waits for.</summary>
    /// <param name="isThere">Whether a piece is there.</param>
    /// <param name="failureOf">Why a piece that is not there will not come, or null when it will.</param>
    public void Settle(Func<int, bool> isThere, Func<int, Exception?> failureOf)
    {
        foreach (Reader reader in _readers)
        {
            if (isThere(reader.Piece))
                reader.Arrived.TrySetResult();
            else if (failureOf(reader.Piece) is { } failure)
                reader.Arrived.TrySetException(failure);
        }
    }

    /// <summary>The torrent stops: nobody gets anything any more.</summary>
    public void Fail(Exception reason)
    {
        foreach (Reader reader in _readers)
            reader.Arrived.TrySetException(reason);
        _readers.Clear();
    }

    /// <summary>The pieces to hurry, most urgent first, and how many of them are late already.</summary>
    /// <param name="isMissing">Whether a piece is still to come.</param>
    /// <param name="now">The time.</param>
    /// <param name="late">How many at the front are late.</param>
    public IReadOnlyList<int> Hurried(Func<int, bool> isMissing, TimeSpan now, out int late)
    {
        late = 0;
        var pieces = new List<int>();
        int longest = 0;
        foreach (Reader reader in _readers)
        {
            longest = Math.Max(longest, reader.End - reader.Piece);
            if (isMissing(reader.Piece) && now - reader.Since >= Patience && !pieces.Contains(reader.Piece))
            {
                pieces.Add(reader.Piece);
                late++;
            }
        }

        // One piece of each reader in turn, so that none starves beside another.
        for (int ahead = 0; ahead < longest; ahead++)
        {
            foreach (Reader reader in _readers)
            {
                int piece = reader.Piece + ahead;
                if (piece < reader.End && isMissing(piece) && !pieces.Contains(piece))
                    pieces.Add(piece);
            }
        }

        return pieces;
    }

    private sealed class Reader(object owner, int piece, int end, TimeSpan since)
    {
        public object Owner { get; } = owner;

        public int Piece { get; } = piece;

        public int End { get; } = end;

        public TimeSpan Since { get; } = since;

        public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
