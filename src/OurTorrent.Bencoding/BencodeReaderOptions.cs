namespace OurTorrent.Bencoding;

/// <summary>
/// How exact the bytes must be. The default is strict: only the one encoding BEP 3 gives each value is accepted, so whatever
/// is accepted is written back to the same bytes.
/// </summary>
public readonly record struct BencodeReaderOptions
{
    /// <summary>The depth allowed unless <see cref="MaxDepth"/> says otherwise.</summary>
    public const int DefaultMaxDepth = 64;

    /// <summary>The greatest depth that can be allowed.</summary>
    public const int DepthLimit = 128;

    // Kept as a difference, so that the default value of the struct is the strict reader and compares equal to it.
    private readonly int _depthBeyondDefault;

    /// <summary>Only what BEP 3 allows. The same as the default value.</summary>
    public static BencodeReaderOptions Strict => default;

    /// <summary>
    /// Also what old or careless programs have written: keys unsorted or repeated, negative zero, leading zeros, and bytes after
    /// the value.
    /// </summary>
    public static BencodeReaderOptions Lenient => new()
    {
        AllowUnorderedKeys = true,
        AllowNegativeZero = true,
        AllowLeadingZeros = true,
        AllowTrailing = true,
    };

    /// <summary>Whether a dictionary's keys may be unsorted or repeated.</summary>
    public bool AllowUnorderedKeys { get; init; }

    /// <summary>Whether <c>i-0e</c> is read as 0.</summary>
    public bool AllowNegativeZero { get; init; }

    /// <summary>Whether integers and string lengths may begin with needless zeros.</summary>
    public bool AllowLeadingZeros { get; init; }

    /// <summary>
    /// Whether bytes may follow the value. They are not looked at; <see cref="BencodeReader.BytesConsumed"/> says where they
    /// begin. Some messages of peers are a dictionary followed by data (BEP 9).
    /// </summary>
    public bool AllowTrailing { get; init; }

    /// <summary>How many lists and dictionaries may be open within each other: 1 to <see cref="DepthLimit"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The depth is not in that range.</exception>
    public int MaxDepth
    {
        get => DefaultMaxDepth + _depthBeyondDefault;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxDepth));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, DepthLimit, nameof(MaxDepth));
            _depthBeyondDefault = value - DefaultMaxDepth;
        }
    }
}
