using System.Net.Sockets;
using System.Runtime.InteropServices;
using static OurTorrent.Tracker.Udp.Linux.LibC;

namespace OurTorrent.Tracker.Udp.Linux;

/// <summary>
/// Has the kernel give each worker the requests for its share of the swarms, so that the memory of a swarm is not passed to and fro between
/// processors. Without, the kernel goes by addresses and ports.
/// </summary>
internal static unsafe class SwarmSteering
{
    private const ushort LoadLength = 0x80;
    private const ushort LoadWord = 0x20;
    private const ushort JumpIfAtLeast = 0x35;
    private const ushort Jump = 0x05;
    private const ushort Remainder = 0x94;
    private const ushort Return = 0x16;

    private const int TransactionIdAt = 12;

    /// <summary>Steers the sockets that share a port.</summary>
    /// <param name="socket">One of them, after all are bound.</param>
    /// <param name="workers">How many there are.</param>
    /// <returns>Whether the kernel has taken the program.</returns>
    public static bool TryAttach(Socket socket, int workers)
    {
        // Info-hashes are as good as random, and so are the transaction ids of connects, which belong to no swarm. What is too short for
        // either goes to the first worker, who drops it.
        ReadOnlySpan<Instruction> program =
        [
            new(LoadLength),
            new(JumpIfAtLeast, UdpRequestHeader.WireLength + InfoHash.Length, ifNot: 2),
            new(LoadWord, UdpRequestHeader.WireLength),
            new(Jump, 1),
            new(LoadWord, TransactionIdAt),
            new(Remainder, (uint)workers),
            new(Return),
        ];

        fixed (Instruction* first = program)
        {
            var filter = new Program { Length = (ushort)program.Length, First = first };
            try
            {
                socket.SetRawSocketOption(LevelSocket, SocketAttachReusePortFilter, new ReadOnlySpan<byte>(&filter, sizeof(Program)));
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }

    /// <summary><c>struct sock_filter</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Instruction(ushort code, uint operand = 0, byte ifNot = 0)
    {
        private readonly ushort _code = code;
        private readonly byte _jumpIf;
        private readonly byte _jumpIfNot = ifNot;
        private readonly uint _operand = operand;
    }

    /// <summary><c>struct sock_fprog</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public Instruction* First;
    }
}
