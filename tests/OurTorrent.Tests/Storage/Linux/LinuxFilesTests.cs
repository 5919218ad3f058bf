using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using OurTorrent.Storage.Linux;

namespace OurTorrent.Tests.Storage.Linux;

[SupportedOSPlatform("linux")]
public sealed class LinuxFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LinuxFilesTests() => Assert.SkipUnless(LinuxFiles.IsSupported, "This is for Linux 5.8 or later.");

    [Fact]
    public void Nothing_is_opened_or_made_through_a_link_or_above_the_folder()
    {
        using var outside = new TemporaryFolder();
        File.WriteAllText(outside["there"], "precious");
        File.CreateSymbolicLink(_folder["file"], outside["there"]);
        File.CreateSymbolicLink(_folder["none"], outside["new"]);
        Directory.CreateSymbolicLink(_folder["folder"], outside.Path);

        Assert.Equal(LinuxFiles.LinkMet, ErrorOf("file", LinuxFiles.OpenExisting));
        Assert.Equal(LinuxFiles.Exists, ErrorOf("none", LinuxFiles.MakeNew));
        Assert.Equal(LinuxFiles.LinkMet, ErrorOf("folder/there", LinuxFiles.OpenExisting));
        Assert.Equal(LinuxFiles.LinkMet, ErrorOf("folder/new", LinuxFiles.MakeNew));
        Assert.Equal(LinuxFiles.OtherFileSystem, ErrorOf($"../{Path.GetFileName(outside.Path)}/there", LinuxFiles.OpenExisting));
        Assert.Equal(LinuxFiles.NotFound, ErrorOf("no/file", LinuxFiles.MakeNew));
        Assert.Equal([outside["there"]], Directory.GetFileSystemEntries(outside.Path));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void Any_number_of_buffers_are_written_one_behind_the_other(int count)
    {
        var random = new Random(count);
        byte[][] buffers = [.. Enumerable.Range(0, count).Select(_ => new byte[random.Next(0, 100)])];
        foreach (byte[] buffer in buffers)
            random.NextBytes(buffer);
        using SafeFileHandle file = LinuxFiles.OpenBeneath(_folder.Path, "file", LinuxFiles.MakeNew, out _, out bool isElsewhere)!;

        LinuxFiles.Write(file, [.. buffers.Select(buffer => new ReadOnlyMemory<byte>(buffer))], 7);

        Assert.False(isElsewhere);
        Assert.Equal([.. new byte[7], .. buffers.SelectMany(buffer => buffer)], File.ReadAllBytes(_folder["file"]));
    }

    [Fact]
    public void A_full_disk_is_an_error_with_its_number()
    {
        using SafeFileHandle full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
        IOException failure = Assert.Throws<IOException>(() => LinuxFiles.Write(full, [new byte[10]], 0));
        Assert.Equal(LinuxFiles.NoSpace, failure.HResult);
    }

    [Fact]
    public void The_file_system_of_a_folder_is_flushed_and_that_of_none_is_not()
    {
        Assert.True(LinuxFiles.TryFlushFileSystem(_folder.Path));
        Assert.False(LinuxFiles.TryFlushFileSystem(_folder["none"]));
    }

    public void Dispose() => _folder.Dispose();

    private int ErrorOf(string names, int flags)
    {
        using SafeFileHandle? file = LinuxFiles.OpenBeneath(_folder.Path, names, flags, out int error, out _);
        Assert.Null(file);
        return error;
    }
}
