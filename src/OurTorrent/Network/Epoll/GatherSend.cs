using System.Buffers;

namespace OurTorrent.Network.Epoll;

/// <summary>Sends many buffers with one call. One serves all sockets of a network, which are used by one thread.</summary>
internal sealed unsafe class GatherSend
{
    private const int MaxBuffers = 64;

    private readonly MemoryHandle[] _pins = new MemoryHandle[MaxBuffers];

    /// <summary>Sends the first of the buffers, 64 at the most.</summary>
    /// <returns>How many bytes were taken; negative when the call failed.</returns>
    public nint Send(int descriptor, ReadOnlySpan<ReadOnlyMemory<byte>> buffers)
    {
        LibC.IOVector* vectors = stackalloc LibC.IOVector[MaxBuffers];
        int pinned = 0;
        int used = 0;
        try
        {
            foreach (ReadOnlyMemory<byte> buffer in buffers[..Math.Min(buffers.Length, MaxBuffers)])
            {
                if (buffer.IsEmpty)
                    continue;
                _pins[pinned] = buffer.Pin();
                vectors[used++] = new LibC.IOVector { Base = (byte*)_pins[pinned++].Pointer, Length = (nuint)buffer.Length };
            }

            if (used == 0)
                return 0;
            var message = new LibC.MessageHeader { Vectors = vectors, VectorCount = (nuint)used };
            return LibC.SendMessage(descriptor, &message, LibC.MessageNoSignal);
        }
        finally
        {
            for (int i = 0; i < pinned; i++)
            {
                _pins[i].Dispose();
            }
        }
    }
}
