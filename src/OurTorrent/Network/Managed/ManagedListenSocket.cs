using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Network.Managed;

/// <summary>A listening TCP socket over the managed one.</summary>
internal sealed class ManagedListenSocket : ManagedSocket, IListenSocket
{
    private const int Backlog = 512;

    private readonly Socket _socket;
    private readonly IListenHandler _handler;
    private readonly ManagedOperation _accept;

    public ManagedListenSocket(ManagedNetwork network, IPEndPoint local, IListenHandler handler)
        : base(network)
    {
        _handler = handler;
        _socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Elsewhere bind itself sees to it that lingering connections do not hold the port; on Windows they never do,
            // and without this another program could take the port over.
            if (OperatingSystem.IsWindows())
                _socket.ExclusiveAddressUse = true;
            _socket.Bind(local);
            _socket.Listen(Backlog);
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }

        LocalEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _accept = new ManagedOperation(this);
        Accept();
    }

    public IPEndPoint LocalEndPoint { get; }

    public override void OnCompleted(ManagedOperation operation)
    {
        operation.IsPending = false;
        Socket? accepted = operation.AcceptSocket;
        operation.AcceptSocket = null;
        if (IsClosed)
        {
            accepted?.Dispose();
            operation.Dispose();
            return;
        }

        switch (operation.SocketError)
        {
            case SocketError.Success when accepted is not null:
                Accept();
                Introduce(accepted);
                return;
            case SocketError.ConnectionReset or SocketError.ConnectionAborted:
                // That one connection died in the backlog; the next may be well.
                Accept();
                return;
            default:
                // Above all: no descriptor left. Asking again at once would be told the same, again and again.
                Network.ResumeLater(this);
                return;
        }
    }

    public override void Resume()
    {
        if (!IsClosed)
            Accept();
    }

    protected override void Release()
    {
        _accept.Dispose();
        _socket.Dispose();
    }

    private void Accept()
    {
        bool isUnderWay = false;
        try
        {
            isUnderWay = _socket.AcceptAsync(_accept);
        }
        catch (SocketException e)
        {
            _accept.SocketError = e.SocketErrorCode;
        }

        Begun(_accept, isUnderWay);
    }

    private void Introduce(Socket accepted)
    {
        ManagedStreamSocket socket;
        try
        {
            socket = new ManagedStreamSocket(Network, accepted);
        }
        catch (SocketException)
        {
            // The peer has left meanwhile, and its address with it.
            accepted.Dispose();
            return;
        }

        Network.Add(socket);
        bool isWanted = false;
        try
        {
            if (_handler.OnAccepted(socket) is { } handler)
            {
                socket.Attach(handler);
                isWanted = true;
            }
        }
        finally
        {
            if (!isWanted)
                socket.Close();
        }
    }
}
