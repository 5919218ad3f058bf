using System.Diagnostics;
using OurTorrent.Protocol.Trackers;
using OurTorrent.Tracker.Tests.Http;

namespace OurTorrent.Tracker.Tests.Hosting;

/// <summary>The sample does what it says, as a program of its own.</summary>
public sealed class SampleTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_hosted_tracker_answers_and_says_who_comes()
    {
        ProcessStartInfo start = new("dotnet", ["exec", await FindAsync(), "http://127.0.0.1:0"]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        using Process process = Process.Start(start)!;
        try
        {
            string line = await ReadAsync(process, line => line.Contains("/tracker/announce", StringComparison.Ordinal));
            using var client = new HttpClient();
            await client.GetByteArrayAsync(new Uri(HttpTrackerUrl.ForAnnounce(line.Split(' ')[0], HttpRig.Request(1, 1001))), Cancelled);
            Assert.Equal(
                $"{HttpRig.Hash(1)}: 127.0.0.1:1001 Joined",
                await ReadAsync(process, line => line.StartsWith(HttpRig.Hash(1).ToString(), StringComparison.Ordinal)));
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task<string> ReadAsync(Process process, Func<string, bool> isWanted)
    {
        while (true)
        {
            string? line = await process.StandardOutput.ReadLineAsync(Cancelled).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Cancelled);
            Assert.NotNull(line);
            if (isWanted(line))
                return line;
        }
    }

    /// <summary>The built program: of this same build, or, when only the tests were built, made now.</summary>
    private static async Task<string> FindAsync()
    {
        // .../artifacts/bin/OurTorrent.Tracker.Tests/release
        DirectoryInfo output = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string program = Path.Combine(output.Parent!.Parent!.FullName, "HostedTracker", output.Name, "HostedTracker.dll");
        if (!File.Exists(program))
        {
            string root = output.Parent!.Parent!.Parent!.Parent!.FullName;
            ProcessStartInfo start = new("dotnet", ["build", "-c", output.Name, Path.Combine(root, "samples", "HostedTracker"), "-p:RunAnalyzers=false"]) { UseShellExecute = false };
            using Process build = Process.Start(start)!;
            await build.WaitForExitAsync(Cancelled);
            Assert.Equal(0, build.ExitCode);
        }

        return program;
    }
}
