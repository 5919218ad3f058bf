using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using OurTorrent.Crash.Programs;

namespace OurTorrent.Crash.Trackers;

/// <summary>Many peers behind one socket that announce to a tracker (BEP 15), one after the other. Peers are numbers; each is in one of a hundred swarms.</summary>
internal sealed class UdpClients : IDisposable
{
    private const int Swarms = 100;
    private const int FirstPort = 1024;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _request = new byte[98];
    private readonly byte[] _answer = new byte[2048];
    private readonly CancellationToken _end;
    private ulong _connectionId;

    private UdpClients(IPEndPoint tracker, CancellationToken end)
    {
        _end = end;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Connect(tracker);
    }

    /// <summary>How many peers there can be.</summary>
    public static int Most => Swarms * (65535 - FirstPort);

    /// <summary>Connects.</summary>
    /// <param name="tracker">The tracker.</param>
    /// <param name="end">Ends what is being waited for.</param>
    public static async Task<UdpClients> ConnectAsync(IPEndPoint tracker, CancellationToken? end = null)
    {
        var clients = new UdpClients(tracker, end ?? TestContext.Current.CancellationToken);
        BinaryPrimitives.WriteUInt64BigEndian(clients._request, 0x41727101980);
        await clients.AskAsync(16, action: 0);
        clients._connectionId = BinaryPrimitives.ReadUInt64BigEndian(clients._answer.AsSpan(8));
        return clients;
    }

    /// <summary>Goes on at another tracker, with the connection id it has.</summary>
    public void GoTo(IPEndPoint tracker) => _socket.Connect(tracker);

    /// <summary>A peer announces that it downloads, or that it leaves. Returns when the tracker has taken it.</summary>
    /// <exception cref="SocketException">There is no tracker any more.</exception>
    public async Task AnnounceAsync(int peer, bool stops = false)
    {
        Array.Clear(_request);
        BinaryPrimitives.WriteUInt64BigEndian(_request, _connectionId);
        WriteHash(_request.AsSpan(16), peer % Swarms);
        "-XX0001-000000000000"u8.CopyTo(_request.AsSpan(36));
        BinaryPrimitives.WriteInt64BigEndian(_request.AsSpan(64), 1);
        BinaryPrimitives.WriteInt32BigEndian(_request.AsSpan(80), stops ? 3 : 0);
        BinaryPrimitives.WriteInt32BigEndian(_request.AsSpan(88), 7);
        BinaryPrimitives.WriteUInt16BigEndian(_request.AsSpan(96), (ushort)(FirstPort + (peer / Swarms)));
        await AskAsync(98, action: 1);
    }

    /// <summary>How many peers there are in all swarms.</summary>
    public async Task<int> CountAsync()
    {
        int count = 0;
        for (int swarm = 0; swarm < Swarms; swarm++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(_request, _connectionId);
            WriteHash(_request.AsSpan(16), swarm);
            await AskAsync(36, action: 2);
            count += BinaryPrimitives.ReadInt32BigEndian(_answer.AsSpan(8)) + BinaryPrimitives.ReadInt32BigEndian(_answer.AsSpan(16));
        }

        return count;
    }

    public void Dispose() => _socket.Dispose();

    private static void WriteHash(Span<byte> destination, int swarm)
    {
        destination[..20].Fill(0x5a);
        BinaryPrimitives.WriteInt32BigEndian(destination, swarm * 40503);
    }

    private async Task AskAsync(int length, int action)
    {
        BinaryPrimitives.WriteInt32BigEndian(_request.AsSpan(8), action);
        BinaryPrimitives.WriteInt32BigEndian(_request.AsSpan(12), action + 77);
        await _socket.SendAsync(_request.AsMemory(0, length), _end);
        int received = await _socket.ReceiveAsync(_answer, _end).AsTask().WaitAsync(Patience.Limit, TimeProvider.System, _end);
        Assert.True(received >= 8 && BinaryPrimitives.ReadInt32BigEndian(_answer) == action, Encoding.ASCII.GetString(_answer, 8, Math.Max(received - 8, 0)));
    }
}
