using System.Globalization;
using System.Net;
using CsCheck;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;
using OurTorrent.Resume;
using OurTorrent.Storage;

namespace OurTorrent.Tests.Resume;

/// <summary>States and keys to save and to load.</summary>
internal static class ResumeSamples
{
    public static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-03-01T12:00:00.1234567Z", CultureInfo.InvariantCulture);

    public static readonly Guid Run = new("a2d9f7c1-3b44-4d1e-9a61-0c5b6a7e8f90");

    public static readonly InfoHashes V1 = new(new InfoHash("aaaaaaaaaabbbbbbbbbb"u8), null);

    public static ResumeKey Key(int pieces = 10, int files = 2, InfoHashes? infoHashes = null, string directory = "/content") =>
        new(infoHashes ?? V1, directory, pieces, files);

    public static Bitfield Pieces(int count, params ReadOnlySpan<int> pieces)
    {
        var set = new Bitfield(count);
        foreach (int piece in pieces)
            set.Add(piece);
        return set;
    }

    public static IEnumerable<int> Members(Bitfield set) => Enumerable.Range(0, set.Length).Where(piece => set[piece]);

    public static ResumeState State(ResumeKey? key = null, params ReadOnlySpan<int> verified)
    {
        key ??= Key();
        return new ResumeState
        {
            InfoHashes = key.InfoHashes,
            Directory = key.Directory,
            Verified = Pieces(key.PieceCount, verified),
            Stamps = [.. Enumerable.Repeat<FileStamp?>(new FileStamp(1000, Now - TimeSpan.FromMinutes(1)), key.FileCount)],
            SavedAt = Now,
            Run = Run,
            Peers = [IPEndPoint.Parse("192.0.2.1:6881"), IPEndPoint.Parse("[2001:db8::1]:51413")],
            Uploaded = 123,
            Downloaded = 456,
        };
    }

    public static readonly Gen<(ResumeKey Key, ResumeState State)> Any =
        from v1 in Gen.Byte.Array[20]
        from v2 in Gen.Byte.Array[32]
        from version in Gen.Int[0, 2]
        from directory in Gen.String[Gen.Char["abcäß /.-"], 0, 20]
        from pieces in Gen.Bool.Array[0, 100]
        from stamps in Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[0, DateTimeOffset.MaxValue.Ticks], Gen.Long[0, long.MaxValue], Gen.ULong)
            .Select((length, ticks, changed, attributes) => new FileStamp(length, new DateTimeOffset(ticks, TimeSpan.Zero))
            {
                Mark = new FileMark(changed, attributes, Mount: 0),
            }).Nullable().Array[0, 20]
        from run in Gen.Guid
        from numbers in Gen.Long[0, long.MaxValue].Array[4]
        from saved in Gen.Long[0, DateTimeOffset.MaxValue.Ticks]
        from clean in Gen.Bool
        from peers in Gen.Select(Gen.OneOf(Gen.Byte.Array[4], Gen.Byte[1, 9].Array[16]), Gen.UShort)
            .Select((address, port) => new IPEndPoint(new IPAddress(address), port)).Array[0, 20]
        let key = new ResumeKey(
            new InfoHashes(version == 1 ? null : new InfoHash(v1), version == 0 ? null : new InfoHashV2(v2)),
            "/" + directory,
            pieces.Length,
            stamps.Length)
        select (key, new ResumeState
        {
            InfoHashes = key.InfoHashes,
            Directory = key.Directory,
            Verified = Pieces(pieces.Length, [.. Enumerable.Range(0, pieces.Length).Where(piece => pieces[piece])]),
            Stamps = stamps,
            SavedAt = new DateTimeOffset(saved, TimeSpan.Zero),
            IsClean = clean,
            Run = run,
            Uploaded = numbers[0],
            Downloaded = numbers[1],
            ActiveTime = TimeSpan.FromTicks(numbers[2]),
            SeedingTime = TimeSpan.FromTicks(numbers[3]),
            Peers = peers,
        });

    public static void AssertSame(ResumeState expected, ResumeState? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Verified.Span.ToArray(), actual.Verified.Span.ToArray());
        Assert.Equal(expected.Stamps, actual.Stamps);
        Assert.Equal(
            expected.Peers.OrderBy(peer => peer.ToString(), StringComparer.Ordinal),
            actual.Peers.OrderBy(peer => peer.ToString(), StringComparer.Ordinal));
        Assert.Equal(
            expected with { Verified = actual.Verified, Stamps = actual.Stamps, Peers = actual.Peers },
            actual);
    }
}
