using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OurTorrent.Tracker.Swarms;
using static OurTorrent.Tracker.Udp.Linux.LibC;

namespace OurTorrent.Tracker.Udp.Linux;

/// <summary>
/// Takes a batch of datagrams with one call of the system and answers them with another. What they need lies in memory of its own,
/// outside the collected heap.
/// </summary>
internal sealed unsafe class LinuxUdpWorker : IUdpWorker
{
    private const int Batch = 64;
    private const int NameLength = 32;
    private const int RequestRoom = UdpExchange.MaxRequestLength + 1;

    // Not a power of two: the requests of a batch would all lie in the same few sets of the processor's cache.
    private const int RequestStride = 1600;
    private const int ReplyAlignment = 64;
    private const int RepliesLength = Batch * (((UdpExchange.MaxReplyLength + ReplyAlignment - 1) / ReplyAlignment) * ReplyAlignment);

    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly UdpExchange _exchange;
    private readonly bool _isAnyAddress;
    private readonly MultipleMessageHeader* _received;
    private readonly MultipleMessageHeader* _replies;
    private readonly IOVector* _requestVectors;
    private readonly IOVector* _replyVectors;
    private readonly byte* _names;
    private readonly byte* _controls;
    private readonly byte* _requestBytes;
    private readonly byte* _replyBytes;
    private bool _isStopping;
    private bool _isDisposed;

    /// <summary>Takes a bound socket, which is its own from then on.</summary>
    /// <param name="socket">The socket, for IPv4, IPv6, or both.</param>
    /// <param name="exchange">What answers.</param>
    /// <param name="isAnyAddress">Whether the socket takes what is sent to any address of this machine.</param>
    public LinuxUdpWorker(Socket socket, UdpExchange exchange, bool isAnyAddress)
    {
        _socket = socket;
        _descriptor = (int)socket.Handle;
        _exchange = exchange;
        _isAnyAddress = isAnyAddress;
        _received = Allocate<MultipleMessageHeader>(Batch);
        _replies = Allocate<MultipleMessageHeader>(Batch);
        _requestVectors = Allocate<IOVector>(Batch);
        _replyVectors = Allocate<IOVector>(Batch);
        _names = Allocate<byte>(Batch * NameLength);
        _controls = Allocate<byte>(Batch * LocalAddress.MaxLength);
        _requestBytes = Allocate<byte>(Batch * RequestStride);
        _replyBytes = Allocate<byte>(RepliesLength);
        for (int i = 0; i < Batch; i++)
        {
            _requestVectors[i] = new IOVector { Base = _requestBytes + (i * RequestStride), Length = RequestRoom };
            _received[i].Header = new MessageHeader { Name = _names + (i * NameLength), Vectors = _requestVectors + i, VectorCount = 1 };
            _replies[i].Header = new MessageHeader { Vectors = _replyVectors + i, VectorCount = 1 };
            if (isAnyAddress)
                _received[i].Header.Control = _controls + (i * LocalAddress.MaxLength);
        }

        if (isAnyAddress)
            LocalAddress.Ask(socket);
    }

    /// <inheritdoc/>
    public void Run()
    {
        // All of them: what was thrown may have left some as the system had filled them in.
        for (int i = 0; i < Batch; i++)
            Rearm(i);
        while (!Volatile.Read(ref _isStopping))
        {
            int count = ReceiveMessages(_descriptor, _received, Batch, WaitForOne, timeout: null);
            if (count < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == Interrupted)
                    continue;
                throw new SocketException(error);
            }

            if (!Volatile.Read(ref _isStopping))
                Serve(count);
        }
    }

    /// <inheritdoc/>
    public void Stop()
    {
        // The thread that waits in the kernel is woken, and nobody waits in it any more.
        Volatile.Write(ref _isStopping, true);
        _ = Shutdown(_descriptor, ShutdownReceive);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        _socket.Dispose();
        NativeMemory.AlignedFree(_received);
        NativeMemory.AlignedFree(_replies);
        NativeMemory.AlignedFree(_requestVectors);
        NativeMemory.AlignedFree(_replyVectors);
        NativeMemory.AlignedFree(_names);
        NativeMemory.AlignedFree(_controls);
        NativeMemory.AlignedFree(_requestBytes);
        NativeMemory.AlignedFree(_replyBytes);
    }

    private static T* Allocate<T>(int count)
        where T : unmanaged
    {
        nuint length = (nuint)(count * sizeof(T));
        void* memory = NativeMemory.AlignedAlloc(length, 64);
        NativeMemory.Clear(memory, length);
        return (T*)memory;
    }

    private void Serve(int count)
    {
        for (int step = 0; step < MemorySwarmStore.PrefetchSteps; step++)
        {
            for (int i = 0; i < count; i++)
                _exchange.Prefetch(RequestAt(i), SourceOf(_received[i].Header.Name), step);
        }

        int replies = 0;
        byte* room = _replyBytes;
        for (int i = 0; i < count; i++)
        {
            int length = Answer(i, room);
            if (length > 0)
            {
                ref MessageHeader header = ref _replies[replies].Header;
                header.Name = _received[i].Header.Name;
                header.NameLength = _received[i].Header.NameLength;
                header.Control = _received[i].Header.Control;
                header.ControlLength = _received[i].Header.ControlLength;
                _replyVectors[replies] = new IOVector { Base = room, Length = (nuint)length };
                room += (length + ReplyAlignment - 1) & -ReplyAlignment;
                replies++;
            }

            Rearm(i);
        }

        Send(replies);
    }

    private ReadOnlySpan<byte> RequestAt(int index) => new(_requestBytes + (index * RequestStride), (int)_received[index].Length);

    private int Answer(int index, byte* room)
    {
        byte* name = _received[index].Header.Name;
        ushort port = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(name + 2));
        ClientAddress source = SourceOf(name);
        if (_isAnyAddress && !LocalAddress.TryTurn(_received[index].Header.Control, _received[index].Header.ControlLength))
            return _exchange.Drop(source);

        return _exchange.Answer(RequestAt(index), source, port, new Span<byte>(room, UdpExchange.MaxReplyLength));
    }

    /// <summary>Reads <c>sockaddr_in</c> and <c>sockaddr_in6</c>: family in the machine's order, the rest in network order.</summary>
    private static ClientAddress SourceOf(byte* name)
    {
        if (Unsafe.ReadUnaligned<ushort>(name) == FamilyIPv4)
            return new ClientAddress(BinaryPrimitives.ReadUInt32BigEndian(new ReadOnlySpan<byte>(name + 4, 4)), IsIPv6: false);

        ulong high = BinaryPrimitives.ReadUInt64BigEndian(new ReadOnlySpan<byte>(name + 8, 8));
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(new ReadOnlySpan<byte>(name + 16, 8));
        return ClientAddress.FromIPv6(high, low);
    }

    private void Rearm(int index)
    {
        _received[index].Header.NameLength = NameLength;
        _received[index].Header.ControlLength = _isAnyAddress ? LocalAddress.MaxLength : 0u;
    }

    private void Send(int count)
    {
        for (int sent = 0; sent < count;)
        {
            int now = SendMessages(_descriptor, _replies + sent, (uint)(count - sent), flags: 0);
            if (now > 0)
                sent += now;
            else if (Marshal.GetLastPInvokeError() != Interrupted)
                sent++; // This one cannot be sent: no way to the client, or a firewall. It will ask again.
        }
    }
}
