using System.Net;
using System.Net.Sockets;

namespace OurTorrent.Network.Epoll;

/// <summary>What the sockets of an <see cref="EpollNetwork"/> have in common: a descriptor, and what epoll is to report of it.</summary>
internal abstract unsafe class EpollSocket(EpollNetwork network)
{
    /// <summary>The descriptor, or -1 when there is none (any more).</summary>
    public int Descriptor { get; private set; } = -1;

    /// <summary>Whether it has been closed: it is told nothing any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The place in the network's table; part of the token that epoll hands back.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>The events epoll was last told to report; null while it does not know the descriptor.</summary>
    public uint? Registered { get; set; }

    /// <summary>Whether the network will look at <see cref="Interest"/> before its next wait.</summary>
    public bool InterestQueued { get; set; }

    /// <summary>The events to report now; zero for none, not even that the connection is gone.</summary>
    public abstract uint Interest { get; }

    protected EpollNetwork Network { get; } = network;

    /// <summary>Something has happened to the descriptor.</summary>
    /// <param name="events">The events epoll reported.</param>
    public abstract void Dispatch(uint events);

    /// <summary>Closes the socket. Closing twice does nothing.</summary>
    public void Close()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        Network.Remove(this);
        if (Descriptor >= 0)
            _ = LibC.Close(Descriptor);
        Descriptor = -1;
    }

    /// <summary>Takes over a descriptor and begins to watch it.</summary>
    protected void Adopt(int descriptor)
    {
        Descriptor = descriptor;
        Network.Add(this);
        InterestChanged();
    }

    /// <summary>Has the network look at <see cref="Interest"/>, if it differs from what epoll knows.</summary>
    protected void InterestChanged()
    {
        if (!InterestQueued && !IsClosed && Descriptor >= 0)
            Network.QueueInterest(this);
    }

    /// <summary>Opens a descriptor and binds it.</summary>
    /// <param name="type">Stream or datagram.</param>
    /// <param name="local">Where to bind it to.</param>
    /// <param name="reuseAddress">Whether connections of an earlier listener that linger in the system do not hold the port.</param>
    /// <exception cref="SocketException">The port is taken, or the address is not one of this host.</exception>
    protected static int OpenBound(int type, IPEndPoint local, bool reuseAddress)
    {
        int descriptor = Open(type, local.AddressFamily);
        if (descriptor < 0)
            throw Failure();
        if (reuseAddress)
            SetOption(descriptor, LibC.LevelSocket, LibC.OptionReuseAddress);
        if (Bind(descriptor, local))
            return descriptor;

        SocketException failure = Failure();
        _ = LibC.Close(descriptor);
        throw failure;
    }

    /// <summary>Opens a descriptor that neither waits nor is inherited; -1 when it cannot be.</summary>
    protected static int Open(int type, AddressFamily family)
    {
        bool isV6 = family == AddressFamily.InterNetworkV6;
        int descriptor = LibC.Socket(
            isV6 ? LibC.FamilyInternetV6 : LibC.FamilyInternet, type | LibC.NonBlocking | LibC.CloseOnExec, 0);

        // The IPv4 side of a port is another socket's: both are opened by whoever wants both.
        if (descriptor >= 0 && isV6)
            SetOption(descriptor, LibC.LevelIPv6, LibC.OptionV6Only);
        return descriptor;
    }

    protected static bool Bind(int descriptor, IPEndPoint local)
    {
        byte* address = stackalloc byte[LinuxSocketAddress.MaxLength];
        int length = LinuxSocketAddress.Write(local, new Span<byte>(address, LinuxSocketAddress.MaxLength));
        return LibC.Bind(descriptor, address, (uint)length) == 0;
    }

    protected static void SetOption(int descriptor, int level, int option)
    {
        int on = 1;
        _ = LibC.SetOption(descriptor, level, option, &on, sizeof(int));
    }

    protected static IPEndPoint? GetLocalEndPoint(int descriptor)
    {
        byte* address = stackalloc byte[LinuxSocketAddress.MaxLength];
        uint length = LinuxSocketAddress.MaxLength;
        return LibC.GetLocalName(descriptor, address, &length) == 0
            ? LinuxSocketAddress.Read(new ReadOnlySpan<byte>(address, (int)Math.Min(length, LinuxSocketAddress.MaxLength)))
            : null;
    }

    /// <summary>The exception for the last error of the system.</summary>
    protected static SocketException Failure() => new((int)LinuxError.ToSocketError(LibC.LastError));
}
