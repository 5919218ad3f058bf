using System.Net;
using System.Net.Sockets;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Tests.Trackers;

/// <summary>A tiny UDP tracker on loopback that answers what the test tells it to.</summary>
internal sealed class LoopbackUdpTracker : IAsyncDisposable
{
    private const ulong ConnectionId = 0x1122334455667788;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    public LoopbackUdpTracker()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _run = RunAsync();
    }

    public string Url => $"udp://127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port}/announce?pass=1";

    public List<UdpAnnounceRequest> Announces { get; } = [];

    public List<string> Urls { get; } = [];

    /// <summary>How many datagrams are lost before the first answer.</summary>
    public int Lose { get; set; }

    /// <summary>What to answer to announces and scrapes instead, if anything.</summary>
    public string? Refusal { get; set; }

    public CompactPeer[] Peers { get; set; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await _socket.ReceiveFromAsync(
                    buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                if (Lose-- <= 0 && Answer(buffer.AsSpan(0, received.ReceivedBytes)) is { } answer)
                    await _socket.SendToAsync(answer, SocketFlags.None, received.RemoteEndPoint, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed: the end of every tracker.
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> packet)
    {
        byte[] answer = new byte[2048];
        if (UdpConnectRequest.TryParse(packet, out UdpConnectRequest connect))
        {
            new UdpConnectResponse(connect.TransactionId, ConnectionId).Write(answer);
            return answer[..UdpConnectResponse.WireLength];
        }

        if (!UdpRequestHeader.TryParse(packet, out UdpRequestHeader header) || header.ConnectionId != ConnectionId)
            return null;

        if (Refusal is not null)
            return answer[..UdpErrorResponse.Write(answer, header.TransactionId, System.Text.Encoding.UTF8.GetBytes(Refusal))];

        if (UdpScrapeRequest.TryParse(packet, out UdpScrapeRequest scrape))
        {
            ScrapeEntry[] entries = [.. Enumerable.Range(0, scrape.Count).Select(i => new ScrapeEntry(i, 10, 20))];
            return answer[..UdpScrapeResponse.Write(answer, header.TransactionId, entries)];
        }

        if (!UdpAnnounceRequest.TryParse(packet, out UdpAnnounceRequest announce))
            return null;

        byte[] url = new byte[packet.Length];
        UdpOptionReader.TryReadUrl(packet[UdpAnnounceRequest.WireLength..], url, out int written);
        lock (Announces)
        {
            Announces.Add(announce);
            Urls.Add(System.Text.Encoding.ASCII.GetString(url, 0, written));
        }

        new UdpAnnounceResponse(announce.TransactionId, 1800, Leechers: 2, Seeders: 1).Write(answer);
        int length = UdpAnnounceResponse.HeaderLength;
        foreach (CompactPeer peer in Peers)
        {
            peer.Write(answer.AsSpan(length));
            length += peer.WireLength;
        }

        return answer[..length];
    }
}
