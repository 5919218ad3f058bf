namespace OurTorrent.Tracker.Http;

/// <summary>Goes through the fields of a query, as they stand there: still percent-encoded.</summary>
/// <param name="query">The query, without its question mark.</param>
internal ref struct QueryReader(ReadOnlySpan<byte> query)
{
    private readonly ReadOnlySpan<byte> _query = query;
    private int _position;

    /// <summary>The name of the field.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Its value; empty where there is none.</summary>
    public ReadOnlySpan<byte> Value => _query.Slice(ValueStart, ValueLength);

    /// <summary>Where in the query the value begins.</summary>
    public int ValueStart { get; private set; }

    /// <summary>How long the value is.</summary>
    public int ValueLength { get; private set; }

    /// <summary>Goes to the next field.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Read()
    {
        while (_position < _query.Length)
        {
            ReadOnlySpan<byte> rest = _query[_position..];
            int length = rest.IndexOf((byte)'&');
            ReadOnlySpan<byte> field = length < 0 ? rest : rest[..length];
            int start = _position;
            _position += field.Length + 1;
            if (field.IsEmpty)
                continue;

            int equals = field.IndexOf((byte)'=');
            Name = equals < 0 ? field : field[..equals];
            ValueStart = equals < 0 ? start + field.Length : start + equals + 1;
            ValueLength = start + field.Length - ValueStart;
            return true;
        }

        return false;
    }
}
