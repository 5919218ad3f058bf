using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;

namespace OurTorrent.Tests.Storage;

public sealed class WriteLedgerTests : IDisposable
{
    private static readonly Guid Run = new("a2d9f7c1-3b44-4d1e-9a61-0c5b6a7e8f90");

    private readonly TemporaryFolder _folder = new();
    private readonly TestContent _content = TestContent.Create(TorrentVersion.V1, 16_384, 100_000, 10);
    private readonly FileStorage _storage;
    private readonly WriteLedger _ledger;

    public WriteLedgerTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not tell when a file was last changed.");
        _storage = new FileStorage(_content.Metainfo, _folder["content"]);
        _ledger = new WriteLedger(LedgerPath, Run, fileCount: 2, TimeProvider.System);
        _storage.KeepLedger(_ledger);
    }

    private string LedgerPath => _folder["a.ledger"];

    public void Dispose()
    {
        _ledger.Dispose();
        _storage.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void It_vouches_for_files_that_only_we_have_written_to()
    {
        Write(0, 1);
        Write(0, 2);
        _storage.Prepare(1);

        Assert.True(IsExplained(0));
        Assert.False(IsExplained(1));
    }

    [Fact]
    public void It_does_not_vouch_for_a_file_somebody_has_written_to_since_even_when_its_time_was_set_back()
    {
        Write(0, 1);
        string path = _storage.PathOf(0);
        DateTime before = File.GetLastWriteTimeUtc(path);
        long changed = _storage.GetStamp(0)!.Value.Mark.Changed;
        using (FileStream other = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            // Before Linux 6.13 the clock of files stands still for some milliseconds.
            while (_storage.GetStamp(0)!.Value.Mark.Changed == changed)
                RandomAccess.Write(other.SafeFileHandle, [7], 0);
        }

        File.SetLastWriteTimeUtc(path, before);

        Assert.Equal(before, _storage.GetStamp(0)!.Value.Modified.UtcDateTime);
        Assert.False(IsExplained(0));
    }

    [Fact]
    public void It_does_not_vouch_for_a_file_put_in_the_place_of_ours()
    {
        Write(0, 1);
        string path = _storage.PathOf(0);
        File.Copy(path, path + ".copy");
        File.Move(path + ".copy", path, overwrite: true);

        Assert.False(IsExplained(0));
    }

    [Fact]
    public void It_vouches_for_a_file_we_have_cut()
    {
        Write(0, 1);
        File.WriteAllBytes(_storage.PathOf(0), new byte[200_000]);
        _storage.Prepare(0);

        Assert.True(IsExplained(0));
    }

    [Fact]
    public void A_later_process_goes_on_with_it()
    {
        Write(0, 1);
        Write(1, 1);
        using var later = new WriteLedger(LedgerPath, Run, fileCount: 2, TimeProvider.System);
        _storage.KeepLedger(later);
        Write(1, 2);

        Assert.True(IsExplained(0));
        Assert.True(IsExplained(1));
    }

    [Fact]
    public void A_new_run_begins_with_nothing()
    {
        Write(0, 1);
        var other = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        using var later = new WriteLedger(LedgerPath, other, fileCount: 2, TimeProvider.System);
        _storage.KeepLedger(later);
        Write(1, 1);

        Assert.Null(WriteLedger.TryRead(LedgerPath, Run, 2));
        Assert.Equal(default, WriteLedger.TryRead(LedgerPath, other, 2)![0]);
    }

    [Fact]
    public void What_is_cut_short_damaged_or_from_before_a_restart_of_the_machine_vouches_for_nothing()
    {
        Write(0, 1);
        byte[] good = File.ReadAllBytes(LedgerPath);
        Assert.NotNull(WriteLedger.TryRead(LedgerPath, Run, 2));
        Assert.Null(WriteLedger.TryRead(LedgerPath, Run, 3));
        Assert.Null(WriteLedger.TryRead(LedgerPath, Guid.Empty, 2));

        File.WriteAllBytes(LedgerPath, good[..^1]);
        Assert.Null(WriteLedger.TryRead(LedgerPath, Run, 2));

        // The boot id stands in the header as text.
        int boot = good.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(LedgerHeader.ThisBoot!));
        good[boot] ^= 1;
        File.WriteAllBytes(LedgerPath, good);
        Assert.Null(WriteLedger.TryRead(LedgerPath, Run, 2));
    }

    [Fact]
    public void Where_it_cannot_be_kept_files_are_written_all_the_same()
    {
        Directory.CreateDirectory(LedgerPath);

        Write(0, 1);

        Assert.False(IsExplained(0));
        Assert.Equal(1, File.ReadAllBytes(_storage.PathOf(0))[0]);
    }

    [Fact]
    public void Many_threads_writing_into_one_file_leave_it_explained()
    {
        _storage.Prepare(0);
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => _storage.Write(0, i, [new[] { (byte)i }]));

        Assert.True(IsExplained(0));
    }

    private void Write(int file, byte value)
    {
        _storage.Prepare(file);
        _storage.Write(file, 0, [new[] { value }]);
    }

    private bool IsExplained(int file) =>
        WriteLedger.TryRead(LedgerPath, Run, 2)?[file].Explains(_storage.GetStamp(file)!.Value.Mark) ?? false;
}
