using System.Diagnostics;

namespace OurTorrent.Crash.Disks;

/// <summary>A small disk of its own (tmpfs), which only the superuser can have: others skip the test.</summary>
internal sealed class MountedDisk
{
    private readonly string _path;
    private bool _isMounted;

    private MountedDisk(string path) => _path = path;

    /// <summary>Mounts one.</summary>
    /// <param name="path">Where; made if it is not there.</param>
    /// <param name="size">How many bytes it holds.</param>
    public static async Task<MountedDisk> MountAsync(string path, long size)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only the superuser can mount a disk.");
        Directory.CreateDirectory(path);
        var disk = new MountedDisk(path);
        string error = await RunAsync("mount", "-t", "tmpfs", "-o", SizeOf(size), "tmpfs", path);
        Assert.SkipUnless(error.Length == 0, $"This machine lets nobody mount a disk: {error}");
        disk._isMounted = true;
        return disk;
    }

    /// <summary>Makes it larger or smaller.</summary>
    public Task ResizeAsync(long size) => RemountAsync(SizeOf(size));

    /// <summary>Lets nobody write to it any more, or again.</summary>
    public Task SetReadOnlyAsync(bool readOnly) => RemountAsync(readOnly ? "ro" : "rw");

    /// <summary>Takes it away, whether it is in use or not.</summary>
    public async Task UnmountAsync()
    {
        if (!_isMounted)
            return;

        _isMounted = false;
        Assert.Equal("", await RunAsync("umount", "-l", _path));
    }

    private async Task RemountAsync(string options) => Assert.Equal("", await RunAsync("mount", "-o", $"remount,{options}", _path));

    private static string SizeOf(long size) => string.Create(CultureInfo.InvariantCulture, $"size={size}");

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? "" : $"{program}: {error}";
    }
}
