using System.Diagnostics;
using System.Net;
using OurTorrent.Tests.Hostile;

namespace OurTorrent.Tests.EndToEnd;

/// <summary>The samples do what they say, as programs of their own, against a seeder here.</summary>
public sealed class SampleTests : IAsyncLifetime
{
    private readonly Rig _rig = new();
    private readonly TestContent _content = TestContent.Create("album", 32 * 1024, ("one.bin", 300_000), ("sub/two.bin", 123_456), ("empty", 0));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task The_download_sample_downloads_and_shows_how_far_it_is()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        string[] lines = await RunAsync("Download", WriteTorrent(), _rig.Folder["leech"], seeder.ToString());
        _content.AssertIn(_rig.Folder["leech"]);
        Assert.StartsWith("Seeding 100", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_storage_sample_keeps_the_content_in_memory()
    {
        IPEndPoint seeder = await _rig.SeedAsync(_content);
        string[] lines = await RunAsync("CustomStorage", WriteTorrent(), seeder.ToString());
        Assert.Equal(["one.bin: 300000 bytes in memory", "sub/two.bin: 123456 bytes in memory", "empty: 0 bytes in memory"], lines.Select(line => line.Replace("album/", "", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(_rig.Folder["leech"]));
    }

    private string WriteTorrent()
    {
        string path = _rig.Folder["album.torrent"];
        File.WriteAllBytes(path, _content.Metainfo.ToBytes());
        return path;
    }

    private async Task<string[]> RunAsync(string sample, params string[] arguments)
    {
        string program = await FindAsync(sample);
        ProcessStartInfo start = new("dotnet", ["exec", program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _rig.Folder.Root,
        };

        // Neither what it keeps nor how it writes numbers is to depend on whose machine this is.
        start.Environment["XDG_STATE_HOME"] = _rig.Folder["sample.state"];
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        return await RunAsync(start);
    }

    /// <summary>The built program: of this same build, or, when only the tests were built, made now.</summary>
    private static async Task<string> FindAsync(string sample)
    {
        // .../artifacts/bin/OurTorrent.Tests/release
        DirectoryInfo output = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string program = Path.Combine(output.Parent!.Parent!.FullName, sample, output.Name, sample + ".dll");
        if (!File.Exists(program))
        {
            string root = output.Parent!.Parent!.Parent!.Parent!.FullName;
            await RunAsync(new ProcessStartInfo("dotnet", ["build", "-c", output.Name, Path.Combine(root, "samples", sample), "-p:RunAnalyzers=false"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
        }

        return program;
    }

    private static async Task<string[]> RunAsync(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(Cancelled);
            Task<string> errors = process.StandardError.ReadToEndAsync(Cancelled);
            await process.WaitForExitAsync(Cancelled).WaitAsync(TimeSpan.FromMinutes(3), Cancelled);
            Assert.True(process.ExitCode == 0, $"{await output}{await errors}");
            return (await output).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
