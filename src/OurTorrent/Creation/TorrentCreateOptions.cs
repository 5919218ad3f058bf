using System.Numerics;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Creation;

/// <summary>What a new torrent says besides its content, and how it is made.</summary>
public sealed record TorrentCreateOptions
{
    /// <summary>The shortest piece, in bytes: one block (BEP 3, BEP 52).</summary>
    public const int MinPieceLength = 16 << 10;

    /// <summary>The longest piece that is chosen automatically, in bytes; a longer one can be asked for.</summary>
    public const int MaxAutomaticPieceLength = 16 << 20;

    private const int MaxWorkers = 64;
    private const int MostPiecesAutomatically = 2000;

    /// <summary>Which formats describe the torrent: v1 (BEP 3), v2 (BEP 52), or both at once.</summary>
    public TorrentVersion Version { get; init; } = TorrentVersion.V1;

    /// <summary>The announce URLs in tiers (BEP 12); <c>http</c>, <c>https</c>, <c>udp</c>, <c>ws</c> and <c>wss</c>.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Trackers { get; init; } = [];

    /// <summary>The URLs of web servers that hold the content (BEP 19); <c>http</c>, <c>https</c> and <c>ftp</c>.</summary>
    public IReadOnlyList<string> WebSeeds { get; init; } = [];

    /// <summary>Whether peers may come from the trackers only (BEP 27).</summary>
    public bool IsPrivate { get; init; }

    /// <summary>
    /// The length of a piece in bytes: a power of two from <see cref="MinPieceLength"/>. Null: chosen by the content's size.
    /// </summary>
    public int? PieceLength { get; init; }

    /// <summary>The name under which the content is saved. Null: that of the file or folder.</summary>
    public string? Name { get; init; }

    /// <summary>What the maker says about the torrent.</summary>
    public string? Comment { get; init; }

    /// <summary>The site the torrent is made for: gives it an info-hash of its own.</summary>
    public string? Source { get; init; }

    /// <summary>Whether the torrent says when it was made.</summary>
    public bool WithCreationDate { get; init; } = true;

    /// <summary>The program that makes the torrent; null leaves it out.</summary>
    public string? CreatedBy { get; init; } = $"OurTorrent/{typeof(TorrentCreateOptions).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>How many threads read and hash. Each uses a buffer of 256 KiB, and for v2 32 bytes for each block of a piece.</summary>
    public int Workers { get; init; } = Math.Min(Environment.ProcessorCount, MaxWorkers);

    /// <summary>Where the creation date comes from, and the pace of progress reports.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The piece length chosen for content of a size: a power of two that gives 1000 to 2000 pieces where it can.</summary>
    /// <param name="totalLength">The length of the content in bytes.</param>
    public static int ChoosePieceLength(long totalLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(totalLength);
        long length = (totalLength + MostPiecesAutomatically - 1) / MostPiecesAutomatically;
        return (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(length, MinPieceLength, MaxAutomaticPieceLength));
    }

    /// <summary>Checks that the options make sense.</summary>
    /// <exception cref="ArgumentException">One does not; the message names it.</exception>
    public void Validate()
    {
        if (PieceLength is { } length
            && (!BitOperations.IsPow2(length) || length is < MinPieceLength or > TorrentMetainfo.MaxPieceLength))
        {
            throw new ArgumentException(
                $"{nameof(PieceLength)} is {length}; expected a power of two from {MinPieceLength} to {TorrentMetainfo.MaxPieceLength}.");
        }

        if (Name is not null && (Name is "" or "." or ".." || Name.AsSpan().IndexOfAny('/', '\\', '\0') >= 0))
            throw new ArgumentException($"{nameof(Name)} is \"{Name}\"; expected the name of a file, without a path.");

        if (Workers is < 1 or > MaxWorkers)
            throw new ArgumentException($"{nameof(Workers)} is {Workers}; expected 1 to {MaxWorkers}.");

        if (!Enum.IsDefined(Version))
            throw new ArgumentException($"{nameof(Version)} is {Version}, which is none.");

        foreach (string url in Trackers.SelectMany(tier => tier))
            RequireUrl(url, nameof(Trackers), ["http", "https", "udp", "ws", "wss"]);

        foreach (string url in WebSeeds)
            RequireUrl(url, nameof(WebSeeds), ["http", "https", "ftp"]);
    }

    private static void RequireUrl(string url, string property, ReadOnlySpan<string> schemes)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) || !schemes.Contains(parsed.Scheme) || parsed.Host.Length == 0)
        {
            throw new ArgumentException(
                $"{property} holds \"{url}\"; expected a URL that begins with one of {string.Join("://, ", schemes!)}://.");
        }
    }
}
