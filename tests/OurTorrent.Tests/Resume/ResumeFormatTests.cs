using System.Net;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using OurTorrent.Protocol;
using OurTorrent.Resume;

namespace OurTorrent.Tests.Resume;

public sealed class ResumeFormatTests
{
    [Fact]
    public void What_is_saved_is_read_back()
    {
        ResumeSamples.Any.Sample(sample =>
        {
            Assert.Equal(ResumeStatus.Ok, ResumeFormat.Read(ResumeFormat.Write(sample.State), sample.Key, out ResumeState? state));
            ResumeSamples.AssertSame(sample.State, state);
        });
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_corrupt()
    {
        byte[] file = ResumeFormat.Write(ResumeSamples.State(null, 1, 2, 3));

        for (int length = 0; length < file.Length; length++)
            Assert.Equal(ResumeStatus.Corrupt, ResumeFormat.Read(file.AsSpan(0, length), ResumeSamples.Key(), out _));
    }

    [Fact]
    public void A_file_with_any_bit_flipped_is_corrupt()
    {
        byte[] file = ResumeFormat.Write(ResumeSamples.State(null, 1, 2, 3));

        for (int bit = 0; bit < file.Length * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(ResumeStatus.Corrupt, ResumeFormat.Read(file, ResumeSamples.Key(), out _));
            file[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(ResumeStatus.Ok, ResumeFormat.Read(file, ResumeSamples.Key(), out _));
    }

    [Fact]
    public void A_file_of_a_later_version_is_told_from_a_damaged_one_whatever_else_it_says()
    {
        Assert.Equal(ResumeStatus.NewerVersion, ResumeFormat.Read(Sign("d5:filesi7e7:versioni2ee"), ResumeSamples.Key(), out _));
    }

    [Theory]
    [InlineData("de")]
    [InlineData("le")]
    [InlineData("d7:versioni0ee")]
    [InlineData("d7:versioni-1ee")]
    [InlineData("d7:version1:1e")]
    [InlineData("d7:versioni1ee")]
    [InlineData("d7:versioni1e")]
    [InlineData("d7:versioni1eei1e")]
    [InlineData("")]
    public void A_file_without_what_it_must_say_is_corrupt(string dictionary)
    {
        Assert.Equal(ResumeStatus.Corrupt, ResumeFormat.Read(Sign(dictionary), ResumeSamples.Key(), out _));
    }

    [Theory]
    [InlineData("10:downloadedi456e", "10:downloadedi-56e")]
    [InlineData("5:filesl", "5:filesli-2ei5e")]
    [InlineData("5:filesl", "5:filesli1e")]
    [InlineData("5:filesl", "5:filesli1ei5e")]
    [InlineData("5:filesl", "5:filesli1ei9223372036854775807e")]
    [InlineData("6:peers618:", "6:peers619:x")]
    [InlineData("5:peers6:", "5:peers7:x")]
    [InlineData("6:pieces2:", "6:pieces3:x")]
    [InlineData("9:info-hash20:", "9:info-hash21:x")]
    [InlineData("5:savedi", "5:savedi9")]
    [InlineData("9:directory", "8:directry")]
    public void A_value_out_of_range_is_corrupt_even_when_the_checksum_is_right(string valid, string broken)
    {
        string dictionary = Encoding.Latin1.GetString(ResumeFormat.Write(ResumeSamples.State())[..^32]);
        Assert.Contains(valid, dictionary, StringComparison.Ordinal);

        byte[] file = Sign(dictionary.Replace(valid, broken, StringComparison.Ordinal));

        Assert.Equal(ResumeStatus.Corrupt, ResumeFormat.Read(file, ResumeSamples.Key(), out _));
    }

    [Fact]
    public void An_entry_of_a_key_we_do_not_know_is_passed_over()
    {
        string dictionary = Encoding.Latin1.GetString(ResumeFormat.Write(ResumeSamples.State(null, 4))[..^32]);

        byte[] file = Sign(dictionary.Replace("7:version", "2:uxi-5e2:uyd1:alee7:version", StringComparison.Ordinal));

        Assert.Equal(ResumeStatus.Ok, ResumeFormat.Read(file, ResumeSamples.Key(), out ResumeState? state));
        Assert.True(state!.Verified[4]);
    }

    [Fact]
    public void A_file_about_another_torrent_is_not_ours()
    {
        byte[] file = ResumeFormat.Write(ResumeSamples.State());
        var v2 = new InfoHashV2(SHA256.HashData("x"u8));

        Assert.Equal(
            ResumeStatus.OtherTorrent,
            ResumeFormat.Read(file, ResumeSamples.Key(infoHashes: new InfoHashes(new InfoHash(new byte[20]), null)), out _));
        Assert.Equal(
            ResumeStatus.OtherTorrent,
            ResumeFormat.Read(file, ResumeSamples.Key(infoHashes: ResumeSamples.V1 with { V2 = v2 }), out _));
    }

    [Fact]
    public void A_file_about_another_directory_is_not_ours()
    {
        byte[] file = ResumeFormat.Write(ResumeSamples.State());

        Assert.Equal(ResumeStatus.OtherTorrent, ResumeFormat.Read(file, ResumeSamples.Key(directory: "/elsewhere"), out _));
    }

    [Theory]
    [InlineData(9, 2)]
    [InlineData(17, 2)]
    [InlineData(10, 3)]
    [InlineData(0, 0)]
    public void A_file_that_does_not_fit_the_torrent_is_corrupt(int pieces, int files)
    {
        byte[] file = ResumeFormat.Write(ResumeSamples.State(null, 9));

        Assert.Equal(ResumeStatus.Corrupt, ResumeFormat.Read(file, ResumeSamples.Key(pieces, files), out _));
    }

    [Fact]
    public void Only_so_many_peers_are_kept()
    {
        ResumeState state = ResumeSamples.State() with
        {
            Peers = [.. Enumerable.Range(1, 500).Select(i => new IPEndPoint(IPAddress.Loopback, i))],
        };

        Assert.Equal(ResumeStatus.Ok, ResumeFormat.Read(ResumeFormat.Write(state), ResumeSamples.Key(), out ResumeState? read));

        Assert.Equal(state.Peers.Take(ResumeState.MaxPeers), read!.Peers);
    }

    [Fact]
    public void No_file_throws()
    {
        byte[] valid = ResumeFormat.Write(ResumeSamples.State(null, 1))[..^32];
        Gen<byte[]> changed = Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte, Gen.Int[0, 5]).Select((at, value, cut) =>
            (byte[])[.. valid.AsSpan(0, at), value, .. valid.AsSpan(Math.Min(valid.Length, at + cut))]);

        Gen.OneOf(Gen.Byte.Array[0, 100], changed).Sample(dictionary =>
        {
            ResumeStatus status = ResumeFormat.Read(Sign(dictionary), ResumeSamples.Key(), out ResumeState? state);
            Assert.Equal(status == ResumeStatus.Ok, state is not null);
            Assert.NotEqual(ResumeStatus.Ok, ResumeFormat.Read(dictionary, ResumeSamples.Key(), out _));
        });
    }

    [Theory]
    [InlineData("5:filesl", "i-1ei0ei0ei0e", "e")]
    [InlineData("5:filesl", "i1ei0ei0ei0e", "e")]
    [InlineData("", "5:filesle", "")]
    [InlineData("", "6:pieces2:aa", "")]
    [InlineData("", "9:directory1:a", "")]
    [InlineData("", "5:peers6:aaaaaa", "")]
    [InlineData("1:zl", "llee", "e")]
    public void A_file_of_a_megabyte_costs_memory_in_proportion_whatever_is_repeated_in_it(string start, string repeated, string end)
    {
        byte[] file = Sign("d" + start + string.Concat(Enumerable.Repeat(repeated, 1024 * 1024 / repeated.Length)) + end + "7:versioni1ee");
        long enough = 64 * 1024 + (64L * file.Length);

        long allocated = Allocation.Least(() => ResumeFormat.Read(file, ResumeSamples.Key(), out _), enough);

        Assert.InRange(allocated, 0, enough);
    }

    private static byte[] Sign(string latin1) => Sign(Encoding.Latin1.GetBytes(latin1));

    private static byte[] Sign(byte[] dictionary) => [.. dictionary, .. SHA256.HashData(dictionary)];
}
