using System.Runtime.CompilerServices;

namespace OurTorrent.Protocol.Peers;

/// <summary>
/// Cuts the bytes of one connection, after the handshake, into messages (BEP 3, 6, 10). A message whose bytes lie together in the
/// input is handed out where it lies; one that is split over inputs is gathered first. The payload of <c>piece</c> is never
/// gathered: it is handed out as it comes, so that each byte is copied once, to where the block belongs. Lengths are checked
/// before anything is gathered, and memory grows with what has come, not with what a frame claims. Messages of unknown kinds are
/// passed over. Between messages it holds no memory beyond itself.
/// </summary>
/// <param name="maxBlockLength">The longest block that is ever requested, in bytes; a longer one breaks the protocol.</param>
/// <example>
/// <code>
/// while (true)
/// {
///     switch (decoder.Read(ref input, out PeerMessage message))
///     {
///         case PeerWireStatus.NeedMore: return true;
///         case PeerWireStatus.Message: Handle(message); break;
///         case PeerWireStatus.BlockBegin: Rent(message.Block); break;
///         case PeerWireStatus.BlockData: message.Body.CopyTo(block[message.Position..]); break;
///         case PeerWireStatus.BlockEnd: Deliver(message.Block); break;
///         case PeerWireStatus.Invalid: Close(decoder.Error); return false;
///     }
/// }
/// </code>
/// </example>
public sealed class PeerWireDecoder(int maxBlockLength = BlockRequest.BlockSize) : IDisposable
{
    /// <summary>The longest frame of an extended message, a message of unknown kind, or a bitfield before the pieces are known.</summary>
    public const int MaxFrameLength = 1024 * 1024;

    private const int PrefixLength = 4;
    private const int IdLength = 1;
    private const int BlockHeaderLength = 8;

    // Of a hashes message: the five fields of the request, the 512 hashes BEP 52 allows to ask for, and a proof.
    private const int HashRequestLength = 48;
    private const int MaxHashesLength = HashRequestLength + ((512 + 64) * 32);
    private const int FirstRent = 1024;

    private State _state;
    private PeerMessageType _type;
    private int _remaining;
    private BlockRequest _block;
    private int _gathered;
    private byte[]? _rented;
    private Scratch _scratch;

    private enum State : byte
    {
        Prefix,
        Id,
        Body,
        BlockHeader,
        BlockData,
        Skip,
        Invalid,
    }

    /// <summary>How the peer broke the protocol, once <see cref="Read"/> answered <see cref="PeerWireStatus.Invalid"/>.</summary>
    public PeerWireError Error { get; private set; }

    /// <summary>
    /// The number of pieces of the torrent, which bounds a <c>bitfield</c>; 0 as long as it is not known. Set it as soon as it is.
    /// </summary>
    public int PieceCount { get; set; }

    /// <summary>Whether a block has begun and not ended: the input stopped in the middle of a <c>piece</c> message.</summary>
    public bool IsInBlock => _state == State.BlockData;

    /// <summary>Reads up to and with the next message, or the next part of a block.</summary>
    /// <param name="input">What has come and is not used; what this call used is cut off its front.</param>
    /// <param name="message">What was found; good until the next call.</param>
    /// <returns>What was found; after <see cref="PeerWireStatus.NeedMore"/>, <paramref name="input"/> is empty.</returns>
    public PeerWireStatus Read(ref ReadOnlySpan<byte> input, out PeerMessage message)
    {
        message = default;
        if (_gathered == 0)
            ReturnRented();

        while (true)
        {
            switch (_state)
            {
                case State.Prefix:
                    if (!TryTake(ref input, PrefixLength, out ReadOnlySpan<byte> prefix))
                        return PeerWireStatus.NeedMore;

                    uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
                    if (length == 0)
                    {
                        message = new PeerMessage(PeerMessageType.KeepAlive, default);
                        return PeerWireStatus.Message;
                    }

                    // Kept unsigned in 32 bits; Id gives it its meaning.
                    _remaining = unchecked((int)length);
                    _state = State.Id;
                    break;

                case State.Id:
                    if (!TryTake(ref input, IdLength, out ReadOnlySpan<byte> id))
                        return PeerWireStatus.NeedMore;

                    Begin((PeerMessageType)id[0], unchecked((uint)_remaining));
                    break;

                case State.Body:
                    if (!TryTake(ref input, _remaining, out ReadOnlySpan<byte> body))
                        return PeerWireStatus.NeedMore;

                    _state = State.Prefix;
                    message = new PeerMessage(_type, body);
                    return PeerWireStatus.Message;

                case State.BlockHeader:
                    if (!TryTake(ref input, BlockHeaderLength, out ReadOnlySpan<byte> header))
                        return PeerWireStatus.NeedMore;

                    if (!BeginBlock(header))
                        break;

                    message = new PeerMessage(_block, 0, default);
                    return PeerWireStatus.BlockBegin;

                case State.BlockData:
                    return ReadBlock(ref input, out message);

                case State.Skip:
                    int skipped = Math.Min(_remaining, input.Length);
                    input = input[skipped..];
                    _remaining -= skipped;
                    if (_remaining > 0)
                        return PeerWireStatus.NeedMore;

                    _state = State.Prefix;
                    break;

                default:
                    return PeerWireStatus.Invalid;
            }
        }
    }

    /// <summary>Gives back what memory a half-received message holds. The decoder is of no use afterwards.</summary>
    public void Dispose()
    {
        ReturnRented();
        _gathered = 0;
        _state = State.Invalid;
    }

    /// <summary>The shortest and the longest frame of a message, with its id, in bytes.</summary>
    private (int Min, int Max) BoundsOf(PeerMessageType type) => type switch
    {
        PeerMessageType.Choke or PeerMessageType.Unchoke or PeerMessageType.Interested or PeerMessageType.NotInterested
            or PeerMessageType.HaveAll or PeerMessageType.HaveNone => (IdLength, IdLength),
        PeerMessageType.Have or PeerMessageType.Suggest or PeerMessageType.AllowedFast => (IdLength + 4, IdLength + 4),
        PeerMessageType.Request or PeerMessageType.Cancel or PeerMessageType.Reject =>
            (IdLength + BlockRequest.WireLength, IdLength + BlockRequest.WireLength),
        PeerMessageType.Port => (IdLength + 2, IdLength + 2),
        PeerMessageType.Piece => (IdLength + BlockHeaderLength + 1, IdLength + BlockHeaderLength + maxBlockLength),
        PeerMessageType.Bitfield => PieceCount == 0
            ? (IdLength, MaxFrameLength)
            : (IdLength + Bitfield.WireLengthOf(PieceCount), IdLength + Bitfield.WireLengthOf(PieceCount)),
        PeerMessageType.Extended => (IdLength + 1, MaxFrameLength),
        PeerMessageType.HashRequest or PeerMessageType.HashReject => (IdLength + HashRequestLength, IdLength + HashRequestLength),
        PeerMessageType.Hashes => (IdLength + HashRequestLength, IdLength + MaxHashesLength),
        _ => (IdLength, MaxFrameLength),
    };

    private void Begin(PeerMessageType type, uint frameLength)
    {
        _type = type;
        (int min, int max) = BoundsOf(type);
        if (frameLength > max)
        {
            Fail(new PeerWireError(PeerWireErrorReason.FrameTooLong, type, frameLength, max));
            return;
        }

        if (frameLength < min)
        {
            Fail(new PeerWireError(PeerWireErrorReason.FrameTooShort, type, frameLength, min));
            return;
        }

        _remaining = (int)frameLength - IdLength;
        _state = type == PeerMessageType.Piece ? State.BlockHeader : IsKnown(type) ? State.Body : State.Skip;
    }

    private static bool IsKnown(PeerMessageType type) => type is
        (>= PeerMessageType.Choke and <= PeerMessageType.Port)
        or (>= PeerMessageType.Suggest and <= PeerMessageType.AllowedFast)
        or (>= PeerMessageType.Extended and <= PeerMessageType.HashReject);

    private bool BeginBlock(ReadOnlySpan<byte> header)
    {
        uint piece = BinaryPrimitives.ReadUInt32BigEndian(header);
        uint offset = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (Math.Max(piece, offset) > int.MaxValue)
        {
            Fail(new PeerWireError(PeerWireErrorReason.BlockOutOfRange, _type, Math.Max(piece, offset), int.MaxValue));
            return false;
        }

        _remaining -= BlockHeaderLength;
        _block = new BlockRequest((int)piece, (int)offset, _remaining);
        _state = State.BlockData;
        return true;
    }

    private PeerWireStatus ReadBlock(ref ReadOnlySpan<byte> input, out PeerMessage message)
    {
        int position = _block.Length - _remaining;
        if (_remaining == 0)
        {
            _state = State.Prefix;
            message = new PeerMessage(_block, position, default);
            return PeerWireStatus.BlockEnd;
        }

        int length = Math.Min(_remaining, input.Length);
        message = new PeerMessage(_block, position, input[..length]);
        input = input[length..];
        _remaining -= length;
        return length == 0 ? PeerWireStatus.NeedMore : PeerWireStatus.BlockData;
    }

    private void Fail(PeerWireError error)
    {
        Error = error;
        _state = State.Invalid;
    }

    /// <summary>Takes the next bytes where they lie together, or gathers what has come of them.</summary>
    private bool TryTake(ref ReadOnlySpan<byte> input, int count, out ReadOnlySpan<byte> taken)
    {
        if (_gathered == 0 && input.Length >= count)
        {
            taken = input[..count];
            input = input[count..];
            return true;
        }

        taken = default;
        if (input.IsEmpty)
            return false;

        int length = Math.Min(count - _gathered, input.Length);
        Span<byte> gather = count <= Scratch.Length ? _scratch : Grow(_gathered + length, count);
        input[..length].CopyTo(gather[_gathered..]);
        input = input[length..];
        _gathered += length;
        if (_gathered < count)
            return false;

        _gathered = 0;
        taken = gather[..count];
        return true;
    }

    private byte[] Grow(int needed, int claimed)
    {
        if (_rented is not null && _rented.Length >= needed)
            return _rented;

        // Doubling, so that gathering stays linear; never beyond what the frame can hold.
        int size = Math.Min(claimed, Math.Max(needed, Math.Max(FirstRent, (_rented?.Length ?? 0) * 2)));
        byte[] larger = ArrayPool<byte>.Shared.Rent(size);
        _rented.AsSpan(0, _gathered).CopyTo(larger);
        ReturnRented();
        _rented = larger;
        return larger;
    }

    private void ReturnRented()
    {
        if (_rented is null)
            return;

        ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
    }

    /// <summary>Room for the longest of the small messages, so that they never need rented memory.</summary>
    [InlineArray(Length)]
    private struct Scratch
    {
        public const int Length = BlockRequest.WireLength;
        private byte _first;
    }
}
