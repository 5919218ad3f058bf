using System.Numerics;
using System.Runtime.CompilerServices;

namespace OurTorrent.Pieces;

/// <summary>A piece that is being fetched: which of its blocks are here, and who was asked for the others. Reused for piece after piece.</summary>
internal sealed class PieceDownload
{
    /// <summary>No block is asked of more peers than this at once.</summary>
    public const int MaxOwners = 3;

    private readonly Block[] _blocks;

    private PieceDownload(int capacity) => _blocks = new Block[capacity];

    /// <summary>The index of the piece.</summary>
    public int Piece { get; private set; }

    /// <summary>How many blocks the piece has.</summary>
    public int BlockCount { get; private set; }

    /// <summary>How many of them are here.</summary>
    public int ReceivedCount { get; private set; }

    /// <summary>How many are neither here nor asked of a peer that answers.</summary>
    public int OpenCount { get; private set; }

    /// <summary>How many requests for blocks of the piece are outstanding.</summary>
    public int RequestCount { get; private set; }

    /// <summary>The fast peer that fetches the piece alone, or null.</summary>
    public PickerPeer? Holder { get; set; }

    /// <summary>The one peer the piece is asked of, after it failed as the work of several; null when it may be asked of any.</summary>
    public PickerPeer? Only { get; set; }

    /// <summary>Where the piece stands among the partial ones.</summary>
    public int Index { get; set; }

    /// <summary>Where the piece stands among those with open blocks, or -1.</summary>
    public int OpenIndex { get; set; } = -1;

    /// <summary>No block before this one is open.</summary>
    private int FirstOpen { get; set; }

    /// <summary>The size class of a piece with so many blocks, as used to reuse downloads.</summary>
    public static int ClassOf(int blockCount) => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)blockCount));

    /// <summary>Makes a download for pieces of a size class.</summary>
    public static PieceDownload OfClass(int sizeClass) => new(1 << sizeClass);

    /// <summary>Begins with a piece, none of whose blocks is here.</summary>
    public void Begin(int piece, int blockCount)
    {
        Piece = piece;
        BlockCount = blockCount;
        OpenCount = blockCount;
        ReceivedCount = 0;
        RequestCount = 0;
        FirstOpen = 0;
        Holder = null;
        Only = null;
        OpenIndex = -1;
    }

    /// <summary>Forgets the blocks and the peers, before the next piece.</summary>
    public void End()
    {
        _blocks.AsSpan(0, BlockCount).Clear();
        Holder = null;
        Only = null;
    }

    /// <summary>Whether a block is here.</summary>
    public bool IsReceived(int block) => _blocks[block].IsReceived;

    /// <summary>Who sent a block that is here.</summary>
    public PickerPeer? SenderOf(int block) => _blocks[block].IsReceived ? _blocks[block].Owners[0] : null;

    /// <summary>How many peers were asked for a block that is not here.</summary>
    public int OwnerCountOf(int block) => _blocks[block].IsReceived ? 0 : _blocks[block].OwnerCount;

    /// <summary>One of the peers a block was asked of.</summary>
    public PickerPeer OwnerOf(int block, int index) => _blocks[block].Owners[index]!;

    /// <summary>Whether a peer was asked for a block.</summary>
    public bool IsAskedOf(int block, PickerPeer peer) => !_blocks[block].IsReceived && _blocks[block].IndexOf(peer) >= 0;

    /// <summary>The first open block that a peer was not asked for, or -1.</summary>
    public int NextOpenFor(PickerPeer peer)
    {
        if (OpenCount == 0)
            return -1;

        int block = FirstOpen;
        while (!_blocks[block].IsOpen)
            block++;
        FirstOpen = block;

        // Only a snubbed peer can have been asked for a block that is open.
        for (; block < BlockCount; block++)
        {
            if (_blocks[block].IsOpen && (!peer.IsSnubbed || _blocks[block].IndexOf(peer) < 0))
                return block;
        }

        return -1;
    }

    /// <summary>Notes that a peer is asked for a block.</summary>
    /// <returns>A snubbed peer that has to be forgotten for it, or null.</returns>
    public PickerPeer? Ask(int block, PickerPeer peer)
    {
        ref Block state = ref _blocks[block];
        bool wasOpen = state.IsOpen;
        PickerPeer? displaced = null;
        if (state.OwnerCount == MaxOwners)
        {
            displaced = state.Owners[0];
            state.RemoveAt(0);
            RequestCount--;
        }

        state.Add(peer);
        RequestCount++;
        Count(wasOpen, state.IsOpen, block);
        return displaced;
    }

    /// <summary>Notes that a peer is no longer asked for a block.</summary>
    public void Unask(int block, PickerPeer peer)
    {
        ref Block state = ref _blocks[block];
        bool wasOpen = state.IsOpen;
        state.RemoveAt(state.IndexOf(peer));
        RequestCount--;
        Count(wasOpen, state.IsOpen, block);
    }

    /// <summary>Notes that a peer began, or ceased, to be snubbed; call it once that is set.</summary>
    public void OwnerChanged(int block, PickerPeer peer)
    {
        ref Block state = ref _blocks[block];
        for (int i = 0; i < state.OwnerCount; i++)
        {
            if (state.Owners[i] != peer && !state.Owners[i]!.IsSnubbed)
                return;
        }

        Count(!peer.IsSnubbed, peer.IsSnubbed, block);
    }

    /// <summary>Notes that a block arrived; nobody counts as asked for it any more.</summary>
    public void Receive(int block, PickerPeer sender)
    {
        ref Block state = ref _blocks[block];
        Count(state.IsOpen, false, block);
        RequestCount -= state.OwnerCount;
        state = default;
        state.IsReceived = true;
        state.Owners[0] = sender;
        ReceivedCount++;
    }

    /// <summary>Opens every block that is here: what is in them is worthless.</summary>
    public void Discard()
    {
        for (int block = 0; block < BlockCount; block++)
        {
            if (!_blocks[block].IsReceived)
                continue;

            _blocks[block] = default;
            OpenCount++;
        }

        ReceivedCount = 0;
        FirstOpen = 0;
        Holder = null;
    }

    private void Count(bool wasOpen, bool isOpen, int block)
    {
        if (wasOpen == isOpen)
            return;

        OpenCount += isOpen ? 1 : -1;
        if (isOpen)
            FirstOpen = Math.Min(FirstOpen, block);
    }

    private struct Block
    {
        public OwnerList Owners;
        public byte OwnerCount;
        public bool IsReceived;

        public readonly bool IsOpen
        {
            get
            {
                if (IsReceived)
                    return false;

                for (int i = 0; i < OwnerCount; i++)
                {
                    if (!Owners[i]!.IsSnubbed)
                        return false;
                }

                return true;
            }
        }

        public readonly int IndexOf(PickerPeer peer)
        {
            for (int i = 0; i < OwnerCount; i++)
            {
                if (Owners[i] == peer)
                    return i;
            }

            return -1;
        }

        public void Add(PickerPeer peer) => Owners[OwnerCount++] = peer;

        public void RemoveAt(int index)
        {
            OwnerCount--;
            for (int i = index; i < OwnerCount; i++)
                Owners[i] = Owners[i + 1];
            Owners[OwnerCount] = null;
        }
    }

    [InlineArray(MaxOwners)]
    private struct OwnerList
    {
        private PickerPeer? _first;
    }
}
