using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Tracker.Tests.Http;

/// <summary>For tests that must name a port themselves: one that was free a moment ago, and another should it be taken meanwhile.</summary>
internal static class FreePort
{
    private const int Attempts = 5;

    public static async Task<TrackerServer> WithAsync(Func<int, Task<TrackerServer>> start)
    {
        for (int attempt = 1; ; attempt++)
        {
            var probe = new TcpListener(IPAddress.Any, 0);
            probe.Start();
            int port = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            try
            {
                return await start(port);
            }
            catch (TrackerException error) when (error.Reason == TrackerErrorReason.PortTaken && attempt < Attempts)
            {
                // Somebody was faster.
            }
        }
    }
}
