using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Interop.Programs;

/// <summary>Ports for programs that must be told one. Each is given out once, and was free for TCP and UDP a moment ago.</summary>
internal static class LoopbackPorts
{
    /// <summary>Below the range from which systems choose ports for outgoing connections, so that none of those comes in between.</summary>
    private const int First = 15_000;

    private const int Count = 15_000;

    private static readonly Lock Gate = new();
    private static int _next = Environment.ProcessId * 97 % Count;

    /// <summary>Gives a free port.</summary>
    public static int Take()
    {
        lock (Gate)
        {
            for (int tries = 0; tries < Count; tries++)
            {
                _next = (_next + 1) % Count;
                if (IsFree(First + _next))
                    return First + _next;
            }
        }

        throw new InvalidOperationException("No port of the loopback interface is free.");
    }

    private static bool IsFree(int port)
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, port);
        try
        {
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            tcp.Bind(endPoint);
            udp.Bind(endPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
