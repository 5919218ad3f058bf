using OurTorrent.Pieces;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Tests.Pieces;

/// <summary>
/// A picker, and beside it the plainest account of what it was told: each step is checked against that account.
/// </summary>
internal sealed class PickerModel
{
    private readonly Random _random;
    private readonly PieceGeometry _geometry;
    private readonly bool[] _have;
    private readonly FilePriority[] _priorities;
    private readonly HashSet<(int Piece, int Block)> _received = [];
    private readonly List<ModelPeer> _peers = [];
    private readonly BlockRequest[] _destination = new BlockRequest[40];

    public PickerModel(PieceGeometry geometry, int seed)
    {
        _random = new Random(seed);
        _geometry = geometry;
        Picker = new PiecePicker(geometry, new Random(seed + 1));
        _have = new bool[geometry.PieceCount];
        _priorities = Enumerable.Repeat(FilePriority.Normal, geometry.PieceCount).ToArray();
    }

    public PiecePicker Picker { get; }

    public bool IsComplete => Enumerable.Range(0, _geometry.PieceCount).All(piece => !IsWanted(piece));

    private sealed class ModelPeer(PickerPeer peer, int pieces)
    {
        public PickerPeer Peer { get; } = peer;
        public bool[] Has { get; } = new bool[pieces];
        public HashSet<(int Piece, int Block)> Asked { get; } = [];
    }

    /// <summary>Something happens.</summary>
    public void Step(int action)
    {
        switch (action)
        {
            case 0:
                Join();
                break;
            case 1:
                Leave();
                break;
            case 2 or 3 or 4:
                Pick(choked: _random.Next(8) == 0);
                break;
            case 5 or 6 or 7:
                Answer();
                break;
            case 8:
                HaveMore();
                break;
            case 9:
                Reject();
                break;
            case 10:
                Snub();
                break;
            case 11:
                Prioritize((FilePriority)_random.Next(4), _random.Next(_geometry.PieceCount));
                break;
            case 12:
                Hurry();
                break;
            case 13:
                Lose();
                break;
            case 14:
                AnyPeer(peer => Picker.PeerBecameSeed(peer.Peer), peer => Array.Fill(peer.Has, true));
                break;
            case 15:
                AnyPeer(
                    peer => peer.Peer.Rate = _random.Next(3) * 1_000_000,
                    peer => Picker.Sequential = _random.Next(4) == 0);
                break;
            case 16:
                AnyPeer(
                    peer => peer.Peer.AddAllowedFast(_random.Next(_geometry.PieceCount)),
                    peer => peer.Peer.AddSuggested(_random.Next(_geometry.PieceCount)));
                break;
            default:
                AnyPeer(peer => Picker.AbandonAll(peer.Peer), peer => peer.Asked.Clear());
                break;
        }

        Check();
    }

    /// <summary>A seed comes and answers until everything is here.</summary>
    public void Finish()
    {
        var seed = new ModelPeer(new PickerPeer { Rate = 100_000 }, _geometry.PieceCount);
        Picker.PeerJoined(seed.Peer);
        Picker.PeerBecameSeed(seed.Peer);
        Array.Fill(seed.Has, true);
        foreach (ModelPeer peer in _peers)
            Picker.SetSnubbed(peer.Peer, true);
        _peers.Add(seed);

        for (int rounds = 0; !Picker.IsComplete; rounds++)
        {
            Assert.True(rounds < 100_000, "The download does not come to an end.");
            Pick(seed, choked: false);
            Assert.NotEmpty(seed.Asked);
            while (seed.Asked.Count > 0)
                Answer(seed);
            Check();
        }
    }

    private bool IsWanted(int piece) => !_have[piece] && _priorities[piece] != FilePriority.Skip;

    private void AnyPeer(params Action<ModelPeer>[] actions)
    {
        if (_peers.Count == 0)
            return;

        ModelPeer peer = _peers[_random.Next(_peers.Count)];
        foreach (Action<ModelPeer> action in actions)
            action(peer);
    }

    private void Join()
    {
        if (_peers.Count >= 12)
            return;

        var peer = new ModelPeer(new PickerPeer(), _geometry.PieceCount);
        Picker.PeerJoined(peer.Peer);
        _peers.Add(peer);
        var bitfield = new Bitfield(_geometry.PieceCount);
        int density = _random.Next(0, 5);
        for (int piece = 0; piece < _geometry.PieceCount; piece++)
        {
            if (_random.Next(4) < density)
            {
                bitfield.Add(piece);
                peer.Has[piece] = true;
            }
        }

        Picker.PeerHas(peer.Peer, bitfield);
    }

    private void Leave() => AnyPeer(peer => Picker.PeerLeft(peer.Peer), peer => _peers.Remove(peer));

    private void HaveMore() => AnyPeer(peer =>
    {
        int piece = _random.Next(_geometry.PieceCount);
        Assert.Equal(!peer.Has[piece], Picker.PeerHas(peer.Peer, piece));
        peer.Has[piece] = true;
    });

    private void Pick(bool choked) => AnyPeer(peer => Pick(peer, choked));

    private void Pick(ModelPeer peer, bool choked)
    {
        int count = Picker.Pick(peer.Peer, _destination.AsSpan(0, _random.Next(1, _destination.Length)), choked);
        foreach (BlockRequest request in _destination.AsSpan(0, count))
        {
            Assert.True(_geometry.TryGetBlock(request, out int block));
            Assert.True(IsWanted(request.Piece), "Asked for a piece that is had or skipped.");
            Assert.True(peer.Has[request.Piece], "Asked for a piece the peer has not.");
            Assert.DoesNotContain((request.Piece, block), _received);
            Assert.True(peer.Asked.Add((request.Piece, block)), "Asked the same peer twice.");
            if (choked)
                Assert.Contains(request.Piece, peer.Peer.AllowedFast);
        }

        // A peer put out of the way for another, because three kept us waiting for a block, is no longer asked for it.
        foreach (ModelPeer other in _peers.Where(other => other.Peer.IsSnubbed))
            other.Asked.RemoveWhere(asked => other.Peer.Outstanding.IndexOf(asked.Piece, asked.Block) < 0);
    }

    private void Answer() => AnyPeer(Answer);

    private void Answer(ModelPeer peer)
    {
        if (peer.Asked.Count == 0)
            return;

        (int Piece, int Block) asked = peer.Asked.ElementAt(_random.Next(peer.Asked.Count));
        Assert.Equal(ReceiveResult.Accepted, Picker.Received(peer.Peer, _geometry.RequestOf(asked.Piece, asked.Block)));
        Assert.Equal(
            _peers.Where(other => other != peer && other.Asked.Contains(asked)).Select(other => other.Peer).ToHashSet(),
            Picker.AlsoAsked.ToHashSet());
        foreach (ModelPeer other in _peers)
            other.Asked.Remove(asked);
        _received.Add(asked);
        Assert.Same(peer.Peer, Picker.OwnerOf(asked.Piece, asked.Block));
        Assert.Equal(ReceiveResult.Duplicate, Picker.Received(peer.Peer, _geometry.RequestOf(asked.Piece, asked.Block)));

        bool whole = Enumerable.Range(0, _geometry.BlockCountOf(asked.Piece)).All(block => _received.Contains((asked.Piece, block)));
        Assert.Equal(whole, Picker.IsReceived(asked.Piece));
        if (!whole)
            return;

        bool good = _random.Next(10) != 0;
        Picker.PieceDone(asked.Piece, good);
        _received.RemoveWhere(block => block.Piece == asked.Piece);
        _have[asked.Piece] = good;
    }

    private void Reject() => AnyPeer(peer =>
    {
        if (peer.Asked.Count == 0)
            return;

        (int Piece, int Block) asked = peer.Asked.ElementAt(_random.Next(peer.Asked.Count));
        BlockRequest request = _geometry.RequestOf(asked.Piece, asked.Block);
        Assert.True(Picker.Abandon(peer.Peer, request));
        Assert.False(Picker.Abandon(peer.Peer, request));
        peer.Asked.Remove(asked);
        Assert.Equal(ReceiveResult.Unrequested, Picker.Received(peer.Peer, request));
    });

    private void Snub() => AnyPeer(peer => Picker.SetSnubbed(peer.Peer, !peer.Peer.IsSnubbed));

    private void Prioritize(FilePriority priority, int piece)
    {
        Picker.SetPriority(piece, priority);
        _priorities[piece] = priority;
    }

    private void Hurry()
    {
        int[] pieces = Enumerable.Range(0, _random.Next(4)).Select(_ => _random.Next(_geometry.PieceCount)).ToArray();
        Picker.SetHurry(pieces, _random.Next(pieces.Length + 1));
    }

    private void Lose()
    {
        int piece = _random.Next(_geometry.PieceCount);
        if (_random.Next(3) == 0)
        {
            Picker.MarkHave(piece);
            _have[piece] = true;
            foreach (ModelPeer peer in _peers)
                peer.Asked.RemoveWhere(asked => asked.Piece == piece);
        }
        else
        {
            Picker.Lost(piece);
            _have[piece] = false;
        }

        _received.RemoveWhere(block => block.Piece == piece);
    }

    private void Check()
    {
        int[] pieces = Enumerable.Range(0, _geometry.PieceCount).ToArray();
        Assert.Equal(IsComplete, Picker.IsComplete);
        Assert.Equal(pieces.Where(piece => _have[piece]), pieces.Where(piece => Picker.Have[piece]));
        Assert.Equal(pieces.Where(piece => _have[piece]).Sum(piece => (long)_geometry.LengthOf(piece)), Picker.HaveBytes);
        Assert.Equal(
            pieces.Where(piece => _priorities[piece] != FilePriority.Skip).Sum(piece => (long)_geometry.LengthOf(piece)),
            Picker.WantedBytes);
        Assert.Equal(
            pieces.Where(piece => _have[piece] && _priorities[piece] != FilePriority.Skip)
                .Sum(piece => (long)_geometry.LengthOf(piece)),
            Picker.WantedHaveBytes);
        Assert.Equal(_received.Sum(block => (long)_geometry.BlockLengthOf(block.Piece, block.Block)), Picker.PartialBytes);
        Assert.Equal(
            _received.Concat(_peers.SelectMany(peer => peer.Asked)).Select(block => block.Piece).Distinct().Count(),
            Picker.PartialPieces);

        foreach (ModelPeer peer in _peers)
        {
            Assert.Equal(pieces.Count(piece => peer.Has[piece] && IsWanted(piece)), peer.Peer.WantedCount);
            Assert.Equal(pieces.Any(piece => peer.Has[piece] && IsWanted(piece)), Picker.IsInteresting(peer.Peer));
            Assert.Equal(peer.Has.All(has => has), peer.Peer.IsSeed);
            Assert.Equal(peer.Asked, Enumerable.Range(0, peer.Peer.Outstanding.Count).Select(i => peer.Peer.Outstanding[i]).ToHashSet());
        }

        int[] copies = pieces.Select(piece => _peers.Count(peer => peer.Has[piece]) + (_have[piece] ? 1 : 0)).ToArray();
        double expected = copies.Min() + ((double)copies.Count(count => count > copies.Min()) / copies.Length);
        Assert.Equal(expected, Picker.Availability, 9);
    }
}
