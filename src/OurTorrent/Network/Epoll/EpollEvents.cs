using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OurTorrent.Network.Epoll;

/// <summary>
/// Room for the answers of epoll_wait. <c>struct epoll_event</c> is packed to 12 bytes on x86 and padded to 16 elsewhere,
/// so it is laid out by hand.
/// </summary>
internal sealed unsafe class EpollEvents
{
    /// <summary>How many events one wait answers with at the most; the rest come with the next, so that every socket gets its turn.</summary>
    public const int Capacity = 256;

    /// <summary>Enough for one event on any machine.</summary>
    public const int MaxEventLength = 16;

    private static readonly bool Packed = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;
    private static readonly int Stride = Packed ? 12 : 16;
    private static readonly int TokenOffset = Packed ? 4 : 8;

    // Pinned, because the system writes into it, and managed, so that a network disposed amid a wait leaves nothing dangling.
    private readonly byte[] _bytes = GC.AllocateArray<byte>(Capacity * MaxEventLength, pinned: true);

    /// <summary>Where the events are.</summary>
    public byte* Pointer => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));

    /// <summary>What happened, in event <paramref name="index"/>.</summary>
    public uint Flags(int index) => Unsafe.ReadUnaligned<uint>(ref _bytes[index * Stride]);

    /// <summary>To whom, in event <paramref name="index"/>.</summary>
    public ulong Token(int index) => Unsafe.ReadUnaligned<ulong>(ref _bytes[(index * Stride) + TokenOffset]);

    /// <summary>Writes one event, for epoll_ctl.</summary>
    public static void Write(byte* destination, uint flags, ulong token)
    {
        Unsafe.WriteUnaligned(destination, flags);
        Unsafe.WriteUnaligned(destination + TokenOffset, token);
    }
}
