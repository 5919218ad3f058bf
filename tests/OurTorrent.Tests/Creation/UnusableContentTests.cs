using System.Diagnostics;
using OurTorrent.Creation;
using OurTorrent.Protocol.Metainfo;

namespace OurTorrent.Tests.Creation;

public sealed class UnusableContentTests
{
    [Fact]
    public async Task What_does_not_exist_is_named()
    {
        using ContentFolder folder = new();

        await RefusedAsync(folder.At("nothing"), TorrentCreateErrorKind.NotFound, folder.At("nothing"));
    }

    [Fact]
    public async Task An_empty_folder_is_refused()
    {
        using ContentFolder folder = new();
        Directory.CreateDirectory(folder.At("also empty"));

        await RefusedAsync(folder.Path, TorrentCreateErrorKind.NoContent, folder.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("empty")]
    public async Task Content_without_a_byte_is_refused(string path)
    {
        using ContentFolder folder = new();
        folder.Add("empty", 0);

        await RefusedAsync(folder.At(path), TorrentCreateErrorKind.NoContent, Path.TrimEndingDirectorySeparator(folder.At(path)));
    }

    [Fact]
    public async Task A_link_to_a_file_of_the_folder_is_followed()
    {
        using ContentFolder folder = new();
        folder.Add("file", 100, 7);
        File.CreateSymbolicLink(folder.At("absolute"), folder.At("file"));
        Directory.CreateDirectory(folder.At("sub"));
        File.CreateSymbolicLink(folder.At("sub/relative"), "../absolute");

        CreatedTorrent torrent = await TorrentCreator.CreateAsync(folder.Path, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["d/absolute", "d/file", "d/sub/relative"], torrent.Metainfo.Files.Select(file => file.DisplayPath));
        Assert.Equal(300, torrent.Metainfo.TotalSize);
    }

    [Fact]
    public async Task A_link_given_as_the_content_is_followed_and_keeps_its_name()
    {
        using ContentFolder folder = new();
        folder.Add("file", 100);
        Directory.CreateSymbolicLink(folder.Outside("link"), folder.Path);

        CreatedTorrent torrent = await TorrentCreator.CreateAsync(
            folder.Outside("link"), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["link/file"], torrent.Metainfo.Files.Select(file => file.DisplayPath));
    }

    [Fact]
    public async Task A_link_that_cannot_be_shared_is_named()
    {
        using ContentFolder folder = new();
        folder.Add("file", 100).Add("sub/x", 1);
        File.WriteAllText(folder.Outside("secret"), "secret");
        (string Link, string Target)[] links =
        [
            ("out", folder.Outside("secret")),
            ("out-relative", "../secret"),
            ("out-around", "sub/../../secret"),
            ("nowhere", "no such file"),
            ("circle", "circle"),
            ("folder", "sub"),
        ];
        foreach ((string link, string target) in links)
        {
            File.CreateSymbolicLink(folder.At(link), target);
            await RefusedAsync(folder.Path, TorrentCreateErrorKind.UnusableLink, folder.At(link));
            File.Delete(folder.At(link));
        }
    }

    [Fact]
    public async Task A_pipe_is_refused_and_not_waited_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes are told from files on Linux only.");
        using ContentFolder folder = new();
        folder.Add("file", 100);
        using (Process process = Process.Start("mkfifo", [folder.At("pipe")]))
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        await RefusedAsync(folder.Path, TorrentCreateErrorKind.SpecialFile, folder.At("pipe"));
    }

    [Fact]
    public async Task A_name_that_is_not_utf_8_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "File names are bytes on Linux only.");
        using ContentFolder folder = new();
        folder.Add("file", 100);
        await RunAsync("printf x > \"$(printf 'caf\\351')\"");
        try
        {
            await RefusedAsync(folder.Path, TorrentCreateErrorKind.UnusableName, folder.At("caf\uFFFD"));
        }
        finally
        {
            // By its name, which we cannot say, it cannot be deleted with the folder.
            await RunAsync("rm caf*");
        }

        async Task RunAsync(string command)
        {
            using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = folder.Path })!;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Folders_too_deep_for_a_torrent_are_refused_and_those_just_not_are_taken()
    {
        using ContentFolder folder = new();
        string deepest = string.Join('/', Enumerable.Repeat("f", ContentPath.MaxDepth));
        folder.Add(deepest, 1);
        CreatedTorrent torrent = await TorrentCreator.CreateAsync(
            folder.Path, new() { Version = TorrentVersion.Hybrid }, null, TestContext.Current.CancellationToken);
        Assert.Equal("d/" + deepest, torrent.Metainfo.Files[0].DisplayPath);

        File.Delete(folder.At(deepest));
        folder.Add(deepest + "/f", 1);
        await RefusedAsync(folder.Path, TorrentCreateErrorKind.TooLarge, folder.At(deepest + "/f"));
    }

    [Theory]
    [InlineData(99)]
    [InlineData(101)]
    [InlineData(0)]
    public async Task A_file_whose_size_changes_before_it_is_read_is_named(int length)
    {
        using ContentFolder folder = new();
        folder.Add("a", 100).Add("b", 100);

        TorrentCreateException exception = await HashAfterAsync(folder, () => folder.Add("b", length));

        Assert.Equal((TorrentCreateErrorKind.Changed, folder.At("b")), (exception.Kind, exception.Path));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_named()
    {
        using ContentFolder folder = new();
        folder.Add("a", 100).Add("b", 100);

        TorrentCreateException exception = await HashAfterAsync(folder, () => File.Delete(folder.At("b")));

        Assert.Equal((TorrentCreateErrorKind.CannotRead, folder.At("b")), (exception.Kind, exception.Path));
        Assert.Contains(folder.At("b"), exception.Message, StringComparison.Ordinal);
        Assert.IsType<FileNotFoundException>(exception.InnerException);
    }

    [Fact]
    public void A_file_written_to_while_it_was_hashed_is_noticed_at_the_end()
    {
        using ContentFolder folder = new();
        folder.Add("a", 100);
        SourceFile file = ContentSource.Scan(folder.Path, null, CancellationToken.None).Files[0];
        file.RequireUnchanged();

        File.SetLastWriteTimeUtc(folder.At("a"), DateTime.UnixEpoch);

        TorrentCreateException exception = Assert.Throws<TorrentCreateException>(file.RequireUnchanged);
        Assert.Equal(TorrentCreateErrorKind.Changed, exception.Kind);
    }

    private static async Task<TorrentCreateException> HashAfterAsync(ContentFolder folder, Action change)
    {
        ContentSource source = ContentSource.Scan(folder.Path, null, CancellationToken.None);
        change();
        PieceHasher hasher = new(new ContentLayout(source.Files, 16_384, alignsFiles: false), TorrentVersion.V1);
        return await Assert.ThrowsAsync<TorrentCreateException>(
            () => hasher.HashAsync(2, TimeProvider.System, null, TestContext.Current.CancellationToken));
    }

    private static async Task RefusedAsync(string path, TorrentCreateErrorKind kind, string named)
    {
        TorrentCreateException exception = await Assert.ThrowsAsync<TorrentCreateException>(
            () => TorrentCreator.CreateAsync(path, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal((kind, named), (exception.Kind, exception.Path));
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }
}
