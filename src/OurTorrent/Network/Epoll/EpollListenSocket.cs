using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Network.Epoll;

/// <summary>A listening TCP socket watched by epoll.</summary>
internal sealed unsafe class EpollListenSocket : EpollSocket, IListenSocket
{
    private const int Backlog = 512;

    // So that a flood of newcomers does not keep the connections that stand waiting.
    private const int MaxAcceptsPerTurn = 64;

    private readonly IListenHandler _handler;
    private bool _paused;

    public EpollListenSocket(EpollNetwork network, IPEndPoint local, IListenHandler handler)
        : base(network)
    {
        _handler = handler;
        int descriptor = OpenBound(LibC.TypeStream, local, reuseAddress: true);
        if (LibC.Listen(descriptor, Backlog) != 0)
        {
            SocketException failure = Failure();
            _ = LibC.Close(descriptor);
            throw failure;
        }

        LocalEndPoint = GetLocalEndPoint(descriptor) ?? local;
        Adopt(descriptor);
    }

    public IPEndPoint LocalEndPoint { get; }

    public override uint Interest => _paused ? 0 : LibC.EventIn;

    public override void Dispatch(uint events)
    {
        for (int i = 0; i < MaxAcceptsPerTurn && !IsClosed; i++)
        {
            if (!TryAccept(out int descriptor, out IPEndPoint? remote))
                return;
            if (remote is null)
            {
                _ = LibC.Close(descriptor);
                continue;
            }

            if (descriptor >= 0)
                Introduce(new EpollStreamSocket(Network, descriptor, remote));
        }
    }

    /// <summary>Accepts again after <see cref="EpollNetwork.PauseAccepting"/>.</summary>
    public void Resume()
    {
        _paused = false;
        InterestChanged();
    }

    private void Introduce(EpollStreamSocket socket)
    {
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

    /// <summary>Takes the next connection.</summary>
    /// <returns>False when there is none to take now.</returns>
    private bool TryAccept(out int descriptor, out IPEndPoint? remote)
    {
        byte* address = stackalloc byte[LinuxSocketAddress.MaxLength];
        uint length = LinuxSocketAddress.MaxLength;
        remote = null;
        descriptor = LibC.Accept(Descriptor, address, &length, LibC.NonBlocking | LibC.CloseOnExec);
        if (descriptor >= 0)
        {
            remote = LinuxSocketAddress.Read(new ReadOnlySpan<byte>(address, (int)Math.Min(length, LinuxSocketAddress.MaxLength)));
            return true;
        }

        switch (LibC.LastError)
        {
            case LinuxError.TryAgain:
                return false;
            case LinuxError.FileTableFull or LinuxError.TooManyFiles or LinuxError.OutOfMemory or LinuxError.NoBufferSpace:
                // The connection stays in the backlog and epoll would report it at once, again and again.
                _paused = true;
                InterestChanged();
                Network.PauseAccepting(this);
                return false;
            default:
                // That one connection died in the backlog; the next may be well.
                return true;
        }
    }
}
