using OurTorrent.Network;

namespace OurTorrent.Tests.Network;

/// <summary>Sends a queue of bytes as the socket takes them.</summary>
internal sealed class Pump(IStreamSocket socket, int size)
{
    private readonly Queue<ReadOnlyMemory<byte>> _queue = new();
    private ReadOnlyMemory<byte> _current;

    public void Add(ReadOnlyMemory<byte> bytes)
    {
        _queue.Enqueue(bytes);
        Run();
    }

    public void Run()
    {
        while (!_current.IsEmpty || _queue.TryDequeue(out _current))
        {
            SocketStatus status = socket.Send([_current[..Math.Min(size, _current.Length)]], out int count);
            _current = _current[count..];
            if (status != SocketStatus.Ok)
            {
                socket.WantsWrite = true;
                return;
            }
        }

        socket.WantsWrite = false;
    }
}
