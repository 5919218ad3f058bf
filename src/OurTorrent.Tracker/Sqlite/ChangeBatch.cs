namespace OurTorrent.Tracker.Sqlite;

/// <summary>Changes on their way to the log, in pieces of a row each; they stay until the log has them.</summary>
internal sealed class ChangeBatch
{
    /// <summary>Bytes that may wait here while the disk does not take them; the rest waits where it came from.</summary>
    public const int Limit = 8 * 1024 * 1024;

    private const int RowLength = 256 * 1024;
    private const int KeptRows = 10;
    private readonly List<Row> _rows = [];
    private int _used;

    /// <summary>How many bytes wait.</summary>
    public long Length { get; private set; }

    /// <summary>How many changes wait.</summary>
    public long Count { get; set; }

    public bool IsFull => Length >= Limit;

    /// <summary>The rows to write.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Rows => _rows.Take(_used).Select(static row => (ReadOnlyMemory<byte>)row.Bytes.AsMemory(0, row.Length));

    /// <summary>Takes whole changes.</summary>
    public void Add(ReadOnlySpan<byte> changes)
    {
        if (_used == 0 || _rows[_used - 1].Length + changes.Length > RowLength)
        {
            if (_used == _rows.Count)
                _rows.Add(new Row());
            _rows[_used++].Length = 0;
        }

        Row row = _rows[_used - 1];
        changes.CopyTo(row.Bytes.AsSpan(row.Length));
        row.Length += changes.Length;
        Length += changes.Length;
    }

    /// <summary>They are in the log, or the swarms are.</summary>
    public void Clear()
    {
        _used = 0;
        Length = 0;
        Count = 0;
        if (_rows.Count > KeptRows)
            _rows.RemoveRange(KeptRows, _rows.Count - KeptRows);
    }

    private sealed class Row
    {
        public byte[] Bytes { get; } = new byte[RowLength];

        public int Length { get; set; }
    }
}
