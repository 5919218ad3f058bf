namespace OurTorrent.Fuzz.Tracking;

/// <summary>
/// What strangers send to our UDP tracker (BEP 15, BEP 41), from the datagram to the swarms and back. The input is a script: see
/// <see cref="UdpFrontScript"/>.
/// </summary>
internal static class UdpFrontTarget
{
    public static void Check(byte[] input)
    {
        using var script = new UdpFrontScript(input);
        script.Run();
    }
}
