using System.Runtime.Versioning;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;

namespace OurTorrent.Tests.Storage;

public sealed class ContentVerifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(TorrentVersion.V1)]
    [InlineData(TorrentVersion.V2)]
    [InlineData(TorrentVersion.Hybrid)]
    public async Task Content_that_is_whole_is_found_whole(TorrentVersion version)
    {
        TestContent content = TestContent.Create(version, 32_768, 100_000, 0, 5, 32_768, 70_000);
        content.WriteTo(_folder.Path);
        var reports = new Reports();

        VerifyResult result = await ContentVerifier.VerifyAsync(content.Metainfo, _folder.Path, reports, TestContext.Current.CancellationToken);

        Assert.True(result.IsComplete);
        Assert.Empty(result.BadFiles);
        Assert.Equal(content.Metainfo.PieceCount, result.PiecesGood);
        Assert.Equal(new VerifyProgress(result.PiecesTotal, result.PiecesTotal, result.PiecesTotal), reports.Last);
    }

    [Theory]
    [InlineData(TorrentVersion.V1)]
    [InlineData(TorrentVersion.V2)]
    [InlineData(TorrentVersion.Hybrid)]
    public async Task Every_file_that_is_not_whole_is_named_with_what_is_wrong(TorrentVersion version)
    {
        TestContent content = TestContent.Create(version, 16_384, [.. Enumerable.Repeat(3 * 16_384, 6), 0]);
        content.WriteTo(_folder.Path);
        string[] paths = [.. content.Metainfo.Files.Select(file => Path.Join([_folder.Path, .. file.Path]))];
        int[] files = [.. content.Metainfo.Files.Where(file => file.Length > 0).Select(file => file.Index)];
        int empty = content.Metainfo.Files.Single(file => file.Length == 0).Index;
        File.Delete(paths[files[0]]);
        File.WriteAllBytes(paths[files[1]], content.Files[files[1]][..20_000]);
        byte[] corrupt = (byte[])content.Files[files[2]].Clone();
        corrupt[0] ^= 1;
        corrupt[^1] ^= 1;
        File.WriteAllBytes(paths[files[2]], corrupt);
        File.WriteAllBytes(paths[files[3]], [.. content.Files[files[3]], 0]);
        File.Delete(paths[files[4]]);
        Directory.CreateDirectory(paths[files[4]]);
        File.Delete(paths[empty]);

        VerifyResult result = await ContentVerifier.VerifyAsync(content.Metainfo, _folder.Path, progress: null, TestContext.Current.CancellationToken);

        Assert.False(result.IsComplete);
        Assert.Equal(18, result.PiecesTotal);
        Assert.Equal(1 + 1 + 3 + 3, result.PiecesGood);
        var expected = new Dictionary<int, string>
        {
            [files[0]] = "missing",
            [files[1]] = "too short: 20000 of 49152 bytes",
            [files[2]] = "2 corrupt pieces",
            [files[3]] = "too long: 49153 bytes in place of 49152",
            [files[4]] = "missing",
            [empty] = "missing",
        };
        Assert.Equal(expected.OrderBy(pair => pair.Key), result.BadFiles.ToDictionary(bad => bad.File.Index, bad => bad.Description));
        Assert.All(result.BadFiles, bad => Assert.Equal(paths[bad.File.Index], bad.Path));
        Assert.Equal(Directory.Exists(paths[files[4]]), !File.Exists(paths[files[0]]));
    }

    [Fact]
    public async Task A_piece_shared_with_a_missing_file_speaks_against_that_file_alone()
    {
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 10_000, 10_000);
        content.WriteTo(_folder.Path);
        File.Delete(Path.Join([_folder.Path, .. content.Metainfo.Files[0].Path]));

        VerifyResult result = await ContentVerifier.VerifyAsync(content.Metainfo, _folder.Path, progress: null, TestContext.Current.CancellationToken);

        BadFile bad = Assert.Single(result.BadFiles);
        Assert.Equal((0, FileProblem.Missing), (bad.File.Index, bad.Problem));
        Assert.Equal(1, result.PiecesGood);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_makes_every_file_missing_and_nothing_is_written()
    {
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 10_000, 0);
        VerifyResult result = await ContentVerifier.VerifyAsync(content.Metainfo, _folder["none"], progress: null, TestContext.Current.CancellationToken);

        Assert.Equal(2, result.BadFiles.Count);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_file_that_may_not_be_read_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no read bit there.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "The superuser is refused nothing.");
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 10_000);
        content.WriteTo(_folder.Path);
        File.SetUnixFileMode(Path.Join([_folder.Path, .. content.Metainfo.Files[0].Path]), UnixFileMode.None);

        VerifyResult result = await ContentVerifier.VerifyAsync(content.Metainfo, _folder.Path, progress: null, TestContext.Current.CancellationToken);

        Assert.Equal(FileProblem.Unreadable, Assert.Single(result.BadFiles).Problem);
    }

    [Fact]
    public async Task A_verification_can_be_cancelled()
    {
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, 100_000);
        content.WriteTo(_folder.Path);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ContentVerifier.VerifyAsync(content.Metainfo, _folder.Path, progress: null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Content_under_its_original_names_is_found()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Such names cannot be there.");
        TestContent content = TestContent.Create(TorrentVersion.V1, 16_384, new TestContent.Entry("what: is it?", 100));
        TorrentFile file = content.Metainfo.Files[0];
        Assert.NotEqual(file.Path, file.ExactPath);
        string path = Path.Join([_folder.Path, .. file.ExactPath]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content.Files[0]);

        VerifyResult result = await ContentVerifier.VerifyAsync(content.Metainfo, _folder.Path, progress: null, TestContext.Current.CancellationToken);

        Assert.True(result.IsComplete);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Reports : IProgress<VerifyProgress>
    {
        public VerifyProgress Last { get; private set; }

        public void Report(VerifyProgress value)
        {
            Assert.True(value.PiecesChecked > Last.PiecesChecked);
            Last = value;
        }
    }
}
