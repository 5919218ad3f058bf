namespace OurTorrent.Fuzz.Trackers;

/// <summary>
/// What UDP trackers answer (BEP 15), through the exchange that keeps the state of all requests. The input is a script: see
/// <see cref="UdpTrackerScript"/>.
/// </summary>
internal static class UdpTrackerTarget
{
    // Each datagram may bring 65,507 bytes of peers, but no script is so long.
    private const int Allowed = 256 * 1024;
    private const int AllowedForEach = 1000;

    public static void Check(byte[] input) => Promise.Allocates(Allowed + ((long)AllowedForEach * input.Length), () =>
    {
        new UdpTrackerScript(input).Run();
        return true;
    });
}
