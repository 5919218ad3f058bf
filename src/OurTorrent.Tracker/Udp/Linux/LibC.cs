using System.Runtime.InteropServices;

namespace OurTorrent.Tracker.Udp.Linux;

/// <summary>
/// The calls and numbers of Linux that take and give many datagrams at once. Constants are those of the generic ABI, which every Linux
/// that .NET runs on shares.
/// </summary>
internal static unsafe partial class LibC
{
    public const int FamilyIPv4 = 2;
    public const int FamilyIPv6 = 10;

    public const int LevelIPv4 = 0;
    public const int LevelSocket = 1;
    public const int LevelIPv6 = 41;

    public const int SocketReusePort = 15;
    public const int SocketSendBufferForce = 32;
    public const int SocketReceiveBufferForce = 33;
    public const int SocketAttachReusePortFilter = 51;
    public const int IPv4PacketInfo = 8;
    public const int IPv6ReceivePacketInfo = 49;
    public const int IPv6PacketInfo = 50;

    public const int WaitForOne = 0x10000;
    public const int ShutdownReceive = 0;

    public const int Interrupted = 4;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMessages(int descriptor, MultipleMessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMessages(int descriptor, MultipleMessageHeader* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int descriptor, int how);

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IOVector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary><c>struct msghdr</c>. The control length is written a whole word wide, which suits musl too, where it is narrower.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public byte* Name;
        public uint NameLength;
        public IOVector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary><c>struct mmsghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MultipleMessageHeader
    {
        public MessageHeader Header;

        /// <summary>How many bytes were received or sent.</summary>
        public uint Length;
    }

    /// <summary><c>struct cmsghdr</c>; what it says follows it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }
}
