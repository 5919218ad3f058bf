using System.Runtime.InteropServices;

namespace OurTorrent.Tests.Network.Epoll;

/// <summary>Lowers how many descriptors this process may have to what it has, until disposed.</summary>
internal sealed partial class DescriptorLimit : IDisposable
{
    private const int OpenFiles = 7;

    private readonly Limits _before;

    public DescriptorLimit()
    {
        // What earlier tests left to the finalizers must not become free meanwhile.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(0, GetLimit(OpenFiles, out _before));

        // The limit is on the number a descriptor is given: the lowest that is free is the next.
        using FileStream probe = File.OpenRead("/dev/null");
        nuint next = (nuint)probe.SafeFileHandle.DangerousGetHandle();
        Limits low = _before with { Current = next };
        Assert.Equal(0, SetLimit(OpenFiles, in low));
    }

    public void Dispose() => Assert.Equal(0, SetLimit(OpenFiles, in _before));

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limits limits);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limits limits);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limits(nuint Current, nuint Maximum);
}
