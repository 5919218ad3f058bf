using OurTorrent.Pieces;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Tests.Pieces;

/// <summary>One download from peers with a rate and a delay each, in virtual time: picker, window and meter together.</summary>
internal sealed class DownloadModel
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private readonly List<Source> _sources = [];
    private readonly BlockRequest[] _destination = new BlockRequest[RequestWindow.Max];

    public DownloadModel(long length, int pieceLength)
    {
        Picker = new PiecePicker(new PieceGeometry(length, pieceLength), new Random(1));
    }

    public PiecePicker Picker { get; }

    public TimeSpan Now { get; private set; }

    public long DuplicateBytes { get; private set; }

    public void Add(long rate, int delayMilliseconds, TimeSpan? stallsAt = null)
    {
        var source = new Source(rate, TimeSpan.FromMilliseconds(delayMilliseconds), stallsAt ?? TimeSpan.MaxValue);
        Picker.PeerJoined(source.Peer);
        Picker.PeerBecameSeed(source.Peer);
        _sources.Add(source);
    }

    public void Run(TimeSpan limit)
    {
        while (!Picker.IsComplete)
        {
            Assert.True(Now < limit, $"Not complete after {limit}: {Picker.HaveBytes} of {Picker.WantedBytes} bytes.");
            Now += Tick;
            foreach (Source source in _sources)
            {
                source.Send(Now);
                while (source.TryReceive(Now, out BlockRequest block))
                    Receive(source, block);

                Picker.SetSnubbed(source.Peer, source.Window.IsSnubbed(Now));
                source.Peer.Rate = source.Window.RateAt(Now);
                int room = source.Window.Size - source.Peer.Outstanding.Count;
                if (room <= 0)
                    continue;

                int count = Picker.Pick(source.Peer, _destination.AsSpan(0, room));
                source.Ask(Now, _destination.AsSpan(0, count));
                if (count > 0)
                    source.Window.Sent(Now, source.Peer.Outstanding.Count);
            }
        }
    }

    private void Receive(Source source, BlockRequest block)
    {
        ReceiveResult result = Picker.Received(source.Peer, block);
        if (result != ReceiveResult.Accepted)
        {
            DuplicateBytes += block.Length;
            return;
        }

        source.Window.Received(Now, block.Length, source.Peer.Outstanding.Count);
        foreach (PickerPeer other in Picker.AlsoAsked)
        {
            Source cancelled = _sources.First(item => item.Peer == other);
            cancelled.Cancel(block);
            cancelled.Window.Dropped(other.Outstanding.Count);
        }

        if (Picker.IsReceived(block.Piece))
            Picker.PieceDone(block.Piece, good: true);
    }

    // Requests take half the delay to get there, blocks half to come back; cancels get there at once.
    private sealed class Source(long rate, TimeSpan delay, TimeSpan stallsAt)
    {
        private readonly LinkedList<(TimeSpan At, BlockRequest Block)> _asked = new();
        private readonly Queue<(TimeSpan At, BlockRequest Block)> _underWay = new();
        private double _credit;
        private TimeSpan _last;

        public PickerPeer Peer { get; } = new();
        public RequestWindow Window { get; } = new(RequestWindow.Max);

        public void Ask(TimeSpan now, ReadOnlySpan<BlockRequest> blocks)
        {
            foreach (BlockRequest block in blocks)
                _asked.AddLast((now + (delay / 2), block));
        }

        public void Cancel(BlockRequest block)
        {
            for (LinkedListNode<(TimeSpan At, BlockRequest Block)>? node = _asked.First; node is not null; node = node.Next)
            {
                if (node.Value.Block == block)
                {
                    _asked.Remove(node);
                    return;
                }
            }
        }

        public void Send(TimeSpan now)
        {
            _credit += rate * (now - _last).TotalSeconds;
            _last = now;
            while (_asked.First is { } first && first.Value.At <= now && _credit > 0 && now < stallsAt)
            {
                _asked.RemoveFirst();
                _credit -= first.Value.Block.Length;
                _underWay.Enqueue((now + (delay / 2), first.Value.Block));
            }

            // An idle line saves nothing up.
            _credit = Math.Min(_credit, 0);
        }

        public bool TryReceive(TimeSpan now, out BlockRequest block)
        {
            bool due = _underWay.TryPeek(out (TimeSpan At, BlockRequest Block) first) && first.At <= now;
            block = due ? _underWay.Dequeue().Block : default;
            return due;
        }
    }
}
