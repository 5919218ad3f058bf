using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OurTorrent.Tracker.Udp.Linux;

namespace OurTorrent.Tracker.Udp;

/// <summary>Makes the sockets of one end point.</summary>
internal static class UdpSockets
{
    private const int SendBufferBytes = 2 * 1024 * 1024;
    private const int ResetReports = -1744830452; // SIO_UDP_CONNRESET

    /// <summary>Makes a socket for each worker, all on one port.</summary>
    /// <param name="endPoint">Where to listen.</param>
    /// <param name="isDual">Whether IPv4 is taken as well, where the end point is all of IPv6.</param>
    /// <param name="count">How many; on systems other than Linux one.</param>
    /// <param name="options">The sizes of buffers.</param>
    /// <param name="logger">Told what the system does not grant.</param>
    /// <exception cref="SocketException">The end point cannot be listened on.</exception>
    public static Socket[] Bind(IPEndPoint endPoint, bool isDual, int count, UdpOptions options, ILogger logger)
    {
        var sockets = new Socket[count];
        try
        {
            for (int i = 0; i < count; i++)
            {
                Socket socket = sockets[i] = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                    socket.DualMode = isDual;
                if (OperatingSystem.IsWindows())
                    socket.IOControl(ResetReports, [0, 0, 0, 0], optionOutValue: null);

                // The first is bound alone, so that a port on which another program shares is not taken for free; only then it shares.
                if (i > 0)
                    SharePort(socket);
                socket.Bind(i == 0 ? endPoint : (IPEndPoint)sockets[0].LocalEndPoint!);
                if (i == 0 && count > 1)
                    SharePort(socket);
                Enlarge(socket, options.ReceiveBufferBytes, i == 0 ? logger : null);
            }

            return sockets;
        }
        catch
        {
            foreach (Socket? socket in sockets)
                socket?.Dispose();
            throw;
        }
    }

    private static void SharePort(Socket socket) =>
        socket.SetRawSocketOption(LibC.LevelSocket, LibC.SocketReusePort, BitConverter.GetBytes(1));

    private static void Enlarge(Socket socket, int receiveBytes, ILogger? logger)
    {
        if (!TryForce(socket, LibC.SocketReceiveBufferForce, receiveBytes))
            SetAtMost(receiveBytes, bytes => socket.ReceiveBufferSize = bytes);
        if (!TryForce(socket, LibC.SocketSendBufferForce, SendBufferBytes))
            SetAtMost(SendBufferBytes, bytes => socket.SendBufferSize = bytes);

        // Linux tells twice what it was asked for, since it counts its own needs as well.
        int granted = OperatingSystem.IsLinux() ? socket.ReceiveBufferSize / 2 : socket.ReceiveBufferSize;
        if (logger is not null && granted < receiveBytes)
            Log.SmallBuffer(logger, (IPEndPoint)socket.LocalEndPoint!, granted, receiveBytes);
    }

    /// <summary>Sets a size beyond what programs are allowed, which the superuser may.</summary>
    private static bool TryForce(Socket socket, int option, int bytes)
    {
        if (!OperatingSystem.IsLinux())
            return false;

        try
        {
            socket.SetRawSocketOption(LibC.LevelSocket, option, BitConverter.GetBytes(bytes));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Sets a size, or the half of it, and so on: some systems refuse what is too much rather than to grant less.</summary>
    private static void SetAtMost(int bytes, Action<int> set)
    {
        for (; bytes >= 4096; bytes /= 2)
        {
            try
            {
                set(bytes);
                return;
            }
            catch (SocketException)
            {
                // Less, then.
            }
        }
    }
}
