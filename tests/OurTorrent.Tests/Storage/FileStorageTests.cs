using System.Runtime.Versioning;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;

namespace OurTorrent.Tests.Storage;

public sealed class FileStorageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Nothing_is_touched_before_the_first_write_and_folders_come_with_it()
    {
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 100, 0, 50);
        using var storage = new FileStorage(content.Metainfo, _folder["deep", "er"]);
        Assert.Null(storage.GetStamp(0));
        Assert.Equal(0, storage.Read(0, 0, new byte[10]));
        Assert.False(Directory.Exists(_folder["deep"]));

        storage.Prepare(0);
        storage.Write(0, 40, [new byte[] { 1, 2 }, Array.Empty<byte>(), new byte[] { 3 }]);
        storage.Flush();

        Assert.Equal(_folder["deep", "er", "content", "d0", "f0"], storage.PathOf(0));
        var expected = new byte[100];
        expected[40] = 1;
        expected[41] = 2;
        expected[42] = 3;
        Assert.Equal(expected, File.ReadAllBytes(storage.PathOf(0)));
        Assert.Equal(100, storage.GetStamp(0)?.Length);
        var read = new byte[70];
        Assert.Equal(60, storage.Read(0, 40, read));
        Assert.Equal(expected.AsSpan(40), read.AsSpan(0, 60));
        Assert.False(File.Exists(storage.PathOf(1)));
        storage.Prepare(1);
        Assert.Equal(0, storage.GetStamp(1)?.Length);
    }

    [Theory]
    [InlineData(AllocationMode.Sparse)]
    [InlineData(AllocationMode.Full)]
    public void A_file_gets_its_length_and_keeps_what_it_had(AllocationMode allocation)
    {
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 3000, 10);
        using var storage = new FileStorage(content.Metainfo, _folder.Path, allocation);
        storage.Prepare(0);
        Assert.Equal(new byte[3000], File.ReadAllBytes(storage.PathOf(0)));

        File.WriteAllBytes(storage.PathOf(0), [1, 2, 3]);
        storage.Prepare(0);
        Assert.Equal([1, 2, 3, 0], File.ReadAllBytes(storage.PathOf(0))[..4]);
        Assert.Equal(3000, new FileInfo(storage.PathOf(0)).Length);

        File.WriteAllBytes(storage.PathOf(0), new byte[5000]);
        storage.Prepare(0);
        Assert.Equal(3000, new FileInfo(storage.PathOf(0)).Length);
    }

    [Fact]
    public void No_file_is_made_or_written_through_a_link_out_of_the_folder()
    {
        using var outside = new TemporaryFolder();
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 100, 100);
        File.WriteAllText(outside["victim"], "precious");
        Directory.CreateDirectory(_folder["content", "d0"]);
        Directory.CreateSymbolicLink(_folder["content", "d1"], outside.Path);
        File.CreateSymbolicLink(_folder["content", "d0", "f0"], outside["victim"]);
        using var storage = new FileStorage(content.Metainfo, _folder.Path);

        foreach (int file in new[] { 0, 1 })
        {
            Assert.Equal(StorageFailure.OutsideDirectory, Assert.Throws<StorageException>(() => storage.Prepare(file)).Kind);
            StorageException failure = Assert.Throws<StorageException>(() => storage.Write(file, 0, [new byte[5]]));
            Assert.Equal(StorageFailure.OutsideDirectory, failure.Kind);
            Assert.Contains("symbolic link", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal("precious", File.ReadAllText(outside["victim"]));
        Assert.Equal([outside["victim"]], Directory.GetFileSystemEntries(outside.Path));
    }

    [Fact]
    public void A_dangling_link_is_not_filled_from_outside_either()
    {
        using var outside = new TemporaryFolder();
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 100);
        Directory.CreateDirectory(_folder["content", "d0"]);
        File.CreateSymbolicLink(_folder["content", "d0", "f0"], outside["new"]);
        using var storage = new FileStorage(content.Metainfo, _folder.Path);

        Assert.Equal(StorageFailure.OutsideDirectory, Assert.Throws<StorageException>(() => storage.Prepare(0)).Kind);
        Assert.Empty(Directory.GetFileSystemEntries(outside.Path));
    }

    [Fact]
    public async Task A_link_put_in_the_way_at_any_moment_leads_nowhere()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere there is a moment between the look at a name and its use.");
        using var outside = new TemporaryFolder();
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 100, 100);
        string folder = _folder["content", "d0"];
        string aside = _folder["aside"];
        using var stop = new CancellationTokenSource();
        Task swapping = Task.Run(
            () =>
            {
                for (int i = 0; !stop.IsCancellationRequested; i++)
                {
                    try
                    {
                        Directory.CreateDirectory(folder);
                        Directory.Move(folder, aside + i);
                        Directory.CreateSymbolicLink(folder, outside.Path);
                        Directory.Delete(folder);
                        Directory.Delete(aside + i, recursive: true);
                    }
                    catch (IOException)
                    {
                        // The storage has just made something there.
                    }
                }
            },
            TestContext.Current.CancellationToken);

        int written = 0;
        for (int i = 0; i < 2000; i++)
        {
            using var storage = new FileStorage(content.Metainfo, _folder.Path);
            try
            {
                storage.Prepare(0);
                storage.Write(0, 0, [content.Files[0]]);
                written++;
            }
            catch (StorageException)
            {
                // The link was met, or the folder is gone.
            }
        }

        stop.Cancel();
        await swapping;
        Assert.Empty(Directory.GetFileSystemEntries(outside.Path));
        TestContext.Current.TestOutputHelper?.WriteLine($"{written} of 2000 were written.");
    }

    [Fact]
    public void The_folder_itself_may_be_behind_a_link_and_content_is_read_through_links()
    {
        using var outside = new TemporaryFolder();
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 100, 100);
        Directory.CreateSymbolicLink(_folder["here"], outside.Path);
        using var storage = new FileStorage(content.Metainfo, _folder["here"]);
        storage.Prepare(0);
        Assert.True(File.Exists(outside["content", "d0", "f0"]));

        Directory.CreateDirectory(outside["content", "d1"]);
        File.WriteAllBytes(outside["elsewhere"], content.Files[1]);
        File.CreateSymbolicLink(outside["content", "d1", "f1"], outside["elsewhere"]);
        var read = new byte[100];
        Assert.Equal(100, storage.Read(1, 0, read));
        Assert.Equal(content.Files[1], read);
        Assert.Equal(100, storage.GetStamp(1)?.Length);
    }

    [Fact]
    public void What_stands_in_the_way_is_named()
    {
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 100, 100);
        Directory.CreateDirectory(_folder["content"]);
        File.WriteAllText(_folder["content", "d0"], "a file");
        Directory.CreateDirectory(_folder["content", "d1", "f1"]);
        using var storage = new FileStorage(content.Metainfo, _folder.Path);

        StorageException file = Assert.Throws<StorageException>(() => storage.Prepare(0));
        Assert.Equal((StorageFailure.NotADirectory, _folder["content", "d0"]), (file.Kind, file.Path));
        StorageException folder = Assert.Throws<StorageException>(() => storage.Prepare(1));
        Assert.Equal((StorageFailure.NotAFile, _folder["content", "d1", "f1"]), (folder.Kind, folder.Path));
        Assert.Null(storage.GetStamp(1));
    }

    [Fact]
    public void A_file_that_vanished_is_not_made_again_by_a_write()
    {
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 100);
        using var storage = new FileStorage(content.Metainfo, _folder.Path);
        StorageException failure = Assert.Throws<StorageException>(() => storage.Write(0, 0, [new byte[1]]));
        Assert.Equal(StorageFailure.NotFound, failure.Kind);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Content_that_is_only_read_is_opened_only_for_reading()
    {
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 100);
        content.WriteTo(_folder.Path);
        using var storage = new FileStorage(content.Metainfo, _folder.Path, readOnly: true);
        File.SetAttributes(storage.PathOf(0), FileAttributes.ReadOnly);
        var read = new byte[100];
        Assert.Equal(100, storage.Read(0, 0, read));
        Assert.Equal(content.Files[0], read);
        Assert.Equal(StorageFailure.AccessDenied, Assert.Throws<StorageException>(() => storage.Prepare(0)).Kind);
        Assert.Equal(StorageFailure.AccessDenied, Assert.Throws<StorageException>(() => storage.Write(0, 0, [new byte[1]])).Kind);
        File.SetAttributes(storage.PathOf(0), FileAttributes.Normal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_folder_that_may_not_be_written_to_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Folders have no write bit there.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "The superuser is refused nothing.");
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 100);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var storage = new FileStorage(content.Metainfo, _folder.Path);
        StorageException failure = Assert.Throws<StorageException>(() => storage.Prepare(0));
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(StorageFailure.AccessDenied, failure.Kind);
    }

    [Fact]
    public void A_full_disk_is_told_with_what_was_needed_and_what_is_free()
    {
        // A device that is always full, where a program cannot make a full disk of its own.
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no device that is always full.");
        IOException full = Assert.ThrowsAny<IOException>(() =>
        {
            using var device = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            device.WriteByte(1);
        });

        StorageException failure = StorageErrors.For(full, StorageFailure.WriteFailed, "Writing", _folder["not", "there"], 16_384);
        Assert.Equal(StorageFailure.DiskFull, failure.Kind);
        Assert.Equal(16_384, failure.BytesNeeded);
        Assert.True(failure.BytesFree > 0);
        Assert.Contains("16 KB needed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Room_that_the_disk_does_not_have_cannot_be_reserved()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "The system there lets files be reserved beyond the disk.");
        const long Huge = 1L << 46;
        Assert.SkipWhen(new DriveInfo(_folder.Path).AvailableFreeSpace > Huge, "This disk has room for anything.");
        TorrentMetainfo metainfo = TorrentMetainfo.ParseInfo(
            [.. System.Text.Encoding.ASCII.GetBytes($"d6:lengthi{Huge}e4:name1:n12:piece lengthi1073741824e6:pieces{(Huge >> 30) * 20}:"), .. new byte[(Huge >> 30) * 20], (byte)'e']);
        using var storage = new FileStorage(metainfo, _folder.Path, AllocationMode.Full);

        StorageException failure = Assert.Throws<StorageException>(() => storage.Prepare(0));

        Assert.Equal(StorageFailure.DiskFull, failure.Kind);
        Assert.Equal(Huge, failure.BytesNeeded);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Executables_may_be_run_and_links_are_made_inside_the_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no execute bit there.");
        TestContent content = TestContent.Create(
            TorrentVersion.V1,
            16_384,
            new TestContent.Entry("bin/tool", 10, "x"),
            new TestContent.Entry("data", 10),
            new TestContent.Entry("bin/link", 0, "l", "data"));
        using var storage = new FileStorage(content.Metainfo, _folder.Path);
        for (int pass = 0; pass < 2; pass++)
        {
            for (int file = 0; file < 3; file++)
                storage.Prepare(file);
        }

        Assert.True(File.GetUnixFileMode(storage.PathOf(0)).HasFlag(UnixFileMode.UserExecute));
        Assert.False(File.GetUnixFileMode(storage.PathOf(1)).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal("../data", new FileInfo(storage.PathOf(2)).LinkTarget);
        Assert.Equal(10, new FileInfo(storage.PathOf(2)).ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : -1);
    }

    [Fact]
    public void Few_files_are_open_at_once_however_many_there_are()
    {
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, [.. Enumerable.Repeat(10, 50)]);
        using var handles = new FileHandleCache(capacity: 4);
        using var storage = new FileStorage(content.Metainfo, _folder.Path, handles, AllocationMode.Sparse, readOnly: false);
        for (int file = 0; file < 50; file++)
        {
            storage.Prepare(file);
            storage.Write(file, 0, [content.Files[file]]);
            Assert.True(handles.Count <= 4);
        }

        var read = new byte[10];
        for (int file = 0; file < 50; file++)
        {
            Assert.Equal(10, storage.Read(file, 0, read));
            Assert.Equal(content.Files[file], read);
        }

        storage.Flush();
        storage.Dispose();
        Assert.Equal(0, handles.Count);
        Assert.Equal(StorageFailure.Closed, StorageErrors.KindOf(Record.Exception(() => storage.Read(0, 0, read))!));
    }

    [Fact]
    public void Many_files_are_handed_to_the_disk_at_once()
    {
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, [.. Enumerable.Repeat(10, 40)]);
        using var handles = new FileHandleCache(capacity: 4);
        using var storage = new FileStorage(content.Metainfo, _folder.Path, handles, AllocationMode.Sparse, readOnly: false);
        for (int round = 0; round < 2; round++)
        {
            for (int file = 0; file < 40; file++)
            {
                storage.Prepare(file);
                storage.Write(file, 0, [content.Files[file]]);
            }

            storage.Flush();
        }

        Assert.All(Enumerable.Range(0, 40), file => Assert.Equal(content.Files[file], File.ReadAllBytes(storage.PathOf(file))));
        storage.Write(0, 0, [content.Files[0]]);
        File.Delete(storage.PathOf(0));
        handles.CloseAll(storage);
        Assert.Equal(StorageFailure.NotFound, Assert.Throws<StorageException>(storage.Flush).Kind);
    }

    [Fact]
    public void A_file_in_use_is_not_closed_by_others_that_need_room()
    {
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 10, 10, 10);
        content.WriteTo(_folder.Path);
        using var handles = new FileHandleCache(capacity: 1);
        using var storage = new FileStorage(content.Metainfo, _folder.Path, handles, AllocationMode.Sparse, readOnly: false);
        using (FileHandleCache.Lease first = handles.Acquire(storage, 0, write: false))
        {
            using (FileHandleCache.Lease second = handles.Acquire(storage, 1, write: false))
            {
                using FileHandleCache.Lease writing = handles.Acquire(storage, 0, write: true);
                Assert.NotSame(first.Handle, writing.Handle);
                Assert.All([first, second, writing], lease => Assert.False(lease.Handle.IsClosed));
            }

            storage.Dispose();
            Assert.False(first.Handle.IsClosed);
        }

        Assert.Equal(0, handles.Count);
    }

    [Fact]
    public async Task Many_threads_use_a_few_open_files()
    {
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, [.. Enumerable.Repeat(1000, 20)]);
        using var handles = new FileHandleCache(capacity: 2);
        using var storage = new FileStorage(content.Metainfo, _folder.Path, handles, AllocationMode.Sparse, readOnly: false);
        await Parallel.ForAsync(0, 4, TestContext.Current.CancellationToken, (worker, _) =>
        {
            var read = new byte[1000];
            var random = new Random(worker);
            for (int i = 0; i < 500; i++)
            {
                int file = (random.Next(5) * 4) + worker;
                storage.Prepare(file);
                storage.Write(file, 0, [content.Files[file]]);
                Assert.Equal(1000, storage.Read(file, 0, read));
                Assert.Equal(content.Files[file], read);
            }

            return ValueTask.CompletedTask;
        });
        Assert.True(handles.Count <= 2);
    }

    public void Dispose() => _folder.Dispose();
}
