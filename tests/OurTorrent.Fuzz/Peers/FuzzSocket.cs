using System.Net;
using System.Net.Sockets;
using OurTorrent.Network;

namespace OurTorrent.Fuzz.Peers;

/// <summary>
/// The engine's end of a connection; the other end is the script's, which decides how much arrives at once, how much is taken, and
/// when the connection breaks.
/// </summary>
internal sealed class FuzzSocket(IPEndPoint remote, IStreamHandler? handler, Action<FuzzSocket> whenClosed) : IStreamSocket
{
    private readonly List<byte> _arriving = [];
    private int _arrived;
    private bool? _connects = handler is null ? true : null;
    private bool _isConnected = handler is null;
    private bool _isEnding;

    public IPEndPoint RemoteEndPoint { get; } = remote;

    public IPEndPoint? LocalEndPoint => null;

    public bool WantsRead { get; set; } = true;

    public bool WantsWrite { get; set; }

    public SocketError Error => SocketError.ConnectionReset;

    /// <summary>Who is told of events.</summary>
    public IStreamHandler? Handler { get; set; } = handler;

    /// <summary>Told of what the engine sends.</summary>
    public Action<ReadOnlySpan<byte>>? WhenSent { get; set; }

    /// <summary>Whether the engine has closed it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether the script has not yet said what comes of the engine's attempt to connect.</summary>
    public bool IsDialling => _connects is null;

    /// <summary>How many bytes a read brings at the most.</summary>
    public int ReadLimit { get; set; } = int.MaxValue;

    /// <summary>How many of the bytes on their way arrive before more are let through.</summary>
    public int Passing { get; set; } = int.MaxValue;

    /// <summary>How many bytes are taken before the engine has to wait.</summary>
    public long Taking { get; set; } = long.MaxValue;

    /// <summary>Whether the connection is broken rather than ended in good order.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Whether the engine is to be told something.</summary>
    public bool HasEvent => !IsClosed && (_isConnected ? IsReadable || IsWritable : _connects is not null);

    private int Available => Math.Min(_arriving.Count - _arrived, Passing);

    private bool IsReadable => WantsRead && (Available > 0 || _isEnding || IsBroken);

    private bool IsWritable => WantsWrite && (Taking > 0 || IsBroken);

    /// <summary>Sends to the engine.</summary>
    public void Arrive(ReadOnlySpan<byte> bytes)
    {
        if (!IsClosed && !_isEnding)
            _arriving.AddRange(bytes);
    }

    /// <summary>Ends the connection behind what has been sent.</summary>
    public void End() => _isEnding = true;

    /// <summary>Says what comes of the engine's attempt to connect.</summary>
    public void Answer(bool connects) => _connects ??= connects;

    /// <summary>Tells the engine what there is to tell.</summary>
    public void Dispatch()
    {
        if (!HasEvent)
            return;

        if (!_isConnected)
        {
            _isConnected = _connects == true;
            if (_isConnected)
            {
                Handler!.OnConnected();
            }
            else
            {
                Close();
                Handler!.OnConnectFailed(SocketError.ConnectionRefused);
            }

            return;
        }

        if (IsReadable)
            Handler!.OnReadable();
        if (!IsClosed && IsWritable)
            Handler!.OnWritable();
    }

    public SocketStatus Receive(Span<byte> buffer, out int count)
    {
        Promise.That(!IsClosed, "nothing is read from a closed socket");
        count = 0;
        if (IsBroken)
            return SocketStatus.Failed;
        if (Available == 0)
            return _isEnding ? SocketStatus.Closed : SocketStatus.WouldBlock;

        count = Math.Min(Math.Min(buffer.Length, ReadLimit), Available);
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_arriving).Slice(_arrived, count).CopyTo(buffer);
        _arrived += count;
        if (Passing != int.MaxValue)
            Passing -= count;
        return SocketStatus.Ok;
    }

    public SocketStatus Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, out int count)
    {
        Promise.That(!IsClosed && _isConnected, "nothing is sent on a socket that is not connected");
        count = 0;
        if (IsBroken)
            return SocketStatus.Failed;
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            int taken = (int)Math.Min(buffer.Length, Taking);
            WhenSent?.Invoke(buffer.Span[..taken]);
            Taking = Taking == long.MaxValue ? Taking : Taking - taken;
            count += taken;
        }

        return count > 0 ? SocketStatus.Ok : SocketStatus.WouldBlock;
    }

    public void Close()
    {
        if (IsClosed)
            return;

        IsClosed = true;
        whenClosed(this);
    }
}
