using System.Net.Sockets;

namespace OurTorrent.Simulation.Network;

/// <summary>The three packets that make a connection, sent again while there is no answer.</summary>
internal sealed class Handshake(VirtualNetwork network, VirtualHost from, VirtualStreamSocket client)
{
    // What Linux does: six times again, twice as long between each.
    private const int MaxAttempts = 7;

    // How long the neighbours of a host are asked for it.
    private static readonly TimeSpan NobodyThere = TimeSpan.FromSeconds(3);

    private int _attempts;
    private VirtualStreamSocket? _server;

    public void Begin()
    {
        if (network.Find(from, client.RemoteEndPoint.Address) is { } to)
            Ask(to);
        else
            network.Time.After(NobodyThere, () => client.Conclude(SocketError.HostUnreachable));
    }

    private void Ask(VirtualHost to)
    {
        if (!client.IsConnecting)
            return;
        if (_attempts == MaxAttempts)
        {
            client.Conclude(SocketError.TimedOut);
            return;
        }

        network.Time.After(TimeSpan.FromSeconds(1 << _attempts++), () => Ask(to));
        Send(from, to, () => OnAsked(to));
    }

    private void OnAsked(VirtualHost to)
    {
        if (_server is not null)
        {
            Send(to, from, () => OnAnswered(to));
            return;
        }

        network.Trace.Add("syn", client.LocalEndPoint!, client.RemoteEndPoint);
        if (from != to && to.Options.Incoming == IncomingConnections.Drop)
            return;
        VirtualListenSocket? listener = to.FindListener(client.RemoteEndPoint);
        if (listener is null || (from != to && to.Options.Incoming == IncomingConnections.Refuse))
        {
            Send(to, from, () => client.Conclude(SocketError.ConnectionRefused));
            return;
        }

        _server = client.Answer(listener.Network, client.RemoteEndPoint);
        Send(to, from, () => OnAnswered(to));
    }

    private void OnAnswered(VirtualHost to)
    {
        if (!client.IsConnecting)
            return;
        VirtualStreamSocket server = _server!;
        client.Join(server);
        client.Conclude(SocketError.Success);

        // On the connection itself: whatever the client sends comes behind it.
        client.SendFirst(() =>
        {
            if (to.FindListener(client.RemoteEndPoint)?.TryAdd(server) != true)
                server.SendReset();
        });
    }

    private void Send(VirtualHost source, VirtualHost destination, Action deliver)
    {
        if (!network.AreCut(source, destination))
            network.Time.After(network.Latency(source, destination), deliver);
    }
}
