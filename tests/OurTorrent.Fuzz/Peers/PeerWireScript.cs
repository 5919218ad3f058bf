using System.Net;
using OurTorrent.Fuzz.Running;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Fuzz.Peers;

/// <summary>
/// Reads an input as a script. Its first two bytes hold switches: the torrent and how much of it is there, and the options. Each step
/// is a byte, of which the low five bits say what happens and the next two on which connection, and then what the step needs.
/// </summary>
internal sealed class PeerWireScript : IDisposable
{
    private const int MaxSteps = 300;
    private const int Connections = 4;
    private static readonly TimeSpan LongestScript = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Quarter = TimeSpan.FromSeconds(0.25);

    private readonly InputReader _input;
    private readonly FuzzWorld _world;
    private readonly FuzzPeer?[] _peers = new FuzzPeer?[Connections];
    private readonly bool _leavesAtTheEnd;

    public PeerWireScript(FuzzTorrent torrent, byte[] input)
    {
        _input = new InputReader(input);
        byte start = _input.Byte();
        byte switches = _input.Byte();
        int files = torrent.Metainfo.Files.Count;
        IEnumerable<int> onDisk = ((start >> 2) & 3) switch
        {
            0 => [],
            1 => [files - 1],
            2 => [0],
            _ => Enumerable.Range(0, files),
        };
        _leavesAtTheEnd = (start & 0x10) != 0;
        var options = new SessionOptions
        {
            AllowSeveralPeersPerAddress = (switches & 1) == 0,
            DownloadLimit = (switches & 2) != 0 ? 50_000 : 0,
            UploadLimit = (switches & 4) != 0 ? 50_000 : 0,
        };
        var torrentOptions = new TorrentOptions
        {
            MaxPeers = _leavesAtTheEnd ? 2 : 20,
            Sequential = (switches & 8) != 0,
            UploadSlots = (switches & 16) != 0 ? 1 : null,
        };
        _world = new FuzzWorld(torrent, options, torrentOptions, onDisk.Where(file => !torrent.Metainfo.Files[file].IsPadding))
        {
            IsDiskFast = (switches & 32) == 0,
        };
    }

    /// <summary>Runs the script, and then sees whether the engine is still of use.</summary>
    public void Run()
    {
        _world.Settle();
        if (!_world.IsDiskFast)
            _world.Drain();
        for (int step = 0; step < MaxSteps && !_input.IsAtEnd; step++)
        {
            Step(_input.Byte());
            _world.Settle();
        }

        _world.IsDiskFast = true;
        _world.Storage.FailingReads = _world.Storage.FailingWrites = 0;
        _world.Settle();
        _world.Start();
        if (_leavesAtTheEnd)
        {
            foreach (FuzzPeer? peer in _peers)
                peer?.Socket.End();
        }

        new HonestPeer(_world).Finish();
        _world.Stop();
        _world.AssertEmpty();
    }

    public void Dispose() => _world.Dispose();

    private static IPEndPoint AddressOf(int connection, bool dialled)
    {
        // The last shares its address with the first.
        var address = new IPAddress([10, 0, 0, (byte)(1 + (connection % (Connections - 1)))]);
        return new IPEndPoint(address, (dialled ? 5000 : 1000) + connection);
    }

    private static PeerId IdOf(int n)
    {
        Span<byte> id = stackalloc byte[PeerId.Length];
        id.Fill((byte)('a' + n));
        return new PeerId(id);
    }

    private void Step(byte step)
    {
        int connection = (step >> 5) & 3;
        FuzzPeer? peer = _peers[connection];
        switch (step & 0x1f)
        {
            case 0:
                if (peer is null || peer.Socket.IsClosed)
                    _peers[connection] = _world.Connect(AddressOf(connection, dialled: false));
                break;
            case 1:
                _world.Swarm.AddPeer(AddressOf(connection, dialled: true), PeerSource.Tracker);
                break;
            case 2:
                AnswerDial(connection, connects: true);
                break;
            case 3:
                AnswerDial(connection, connects: false);
                break;
            case 4:
                Advance(_input.Byte());
                break;
            case 5:
                for (int jobs = _input.Byte() % 16; jobs >= 0; jobs--)
                    _world.Disk.RunOne(connection);
                break;
            case 6:
                _world.Storage.FailingWrites = connection;
                break;
            case 7:
                _world.Storage.FailingReads = connection;
                break;
            case 8:
                _world.Stop();
                break;
            case 9:
                _world.Start();
                break;
            default:
                peer ??= _peers[connection] = _world.Connect(AddressOf(connection, dialled: false));
                Speak(peer, step & 0x1f, connection);
                break;
        }
    }

    private void Speak(FuzzPeer peer, int step, int connection)
    {
        switch (step)
        {
            case 10:
                Greet(peer, connection, _input.Byte());
                break;
            case 11:
                peer.SayRaw(_input.Counted());
                break;
            case 12:
                peer.Say(_input.Byte(), _input.Counted());
                break;
            case 13:
                peer.Say((byte)PeerMessageType.Extended, [0, .. _input.Counted()]);
                break;
            case 14:
                peer.SayHaveAll();
                break;
            case 15:
                int piece = _input.Byte();
                peer.Say(writer => PeerMessageWriter.WriteHave(writer, piece));
                break;
            case 16:
                peer.Say(PeerMessageWriter.WriteUnchoke);
                break;
            case 17:
                peer.Say(PeerMessageWriter.WriteChoke);
                break;
            case 18:
                peer.Say(PeerMessageWriter.WriteInterested);
                break;
            case 19:
                peer.Say(PeerMessageWriter.WriteNotInterested);
                break;
            case 20:
                for (int blocks = _input.Byte() % 32; blocks >= 0; blocks--)
                    peer.Serve(corrupt: false);
                break;
            case 21:
                peer.Serve(corrupt: true);
                break;
            case 22:
                peer.Refuse();
                break;
            case 23:
                int allowed = _input.Byte();
                peer.Say(writer => PeerMessageWriter.WriteAllowedFast(writer, allowed));
                break;
            case 24:
                BlockRequest request = RequestIn(_input.Byte());
                peer.Say(writer => PeerMessageWriter.WriteRequest(writer, request));
                break;
            case 25:
                BlockRequest cancelled = RequestIn(_input.Byte());
                peer.Say(writer => PeerMessageWriter.WriteCancel(writer, cancelled));
                break;
            default:
                Handle(peer.Socket, step);
                break;
        }
    }

    private void Handle(FuzzSocket socket, int step)
    {
        switch (step)
        {
            case 26:
                socket.ReadLimit = Math.Max(8, _input.Byte() * 16);
                break;
            case 27:
                socket.Passing = _input.Byte() * 64;
                break;
            case 28:
                socket.Passing = int.MaxValue;
                socket.ReadLimit = int.MaxValue;
                break;
            case 29:
                byte taking = _input.Byte();
                socket.Taking = taking == byte.MaxValue ? long.MaxValue : taking * 64;
                break;
            case 30:
                socket.End();
                break;
            case 31:
                socket.IsBroken = true;
                break;
        }
    }

    private void Greet(FuzzPeer peer, int connection, byte how)
    {
        PeerCapabilities capabilities = ((how & 1) != 0 ? PeerCapabilities.Fast : PeerCapabilities.None)
            | ((how & 2) != 0 ? PeerCapabilities.ExtensionProtocol : PeerCapabilities.None);
        PeerId id = ((how >> 2) & 3) switch
        {
            0 => IdOf(connection),
            1 => IdOf(0),
            2 => _world.OwnId,
            _ => IdOf(Connections),
        };
        InfoHash infoHash = (how & 0x10) == 0 ? _world.Metainfo.InfoHashes.Wire : default;
        peer.Greet(capabilities, infoHash, id);
    }

    private void AnswerDial(int connection, bool connects)
    {
        FuzzSocket? socket = _world.Network.Sockets.FirstOrDefault(socket => socket.IsDialling);
        if (socket is null)
            return;

        if (connects && (_peers[connection] is not { } peer || peer.Socket.IsClosed))
            _peers[connection] = _world.Take(socket);
        socket.Answer(connects);
    }

    private void Advance(byte quarters)
    {
        if (_world.Clock.Now < LongestScript)
            _world.Advance(Quarter * quarters);
    }

    private BlockRequest RequestIn(byte which)
    {
        int piece = which >> 3;
        int block = which & 1;
        int length = (which & 6) switch
        {
            0 => BlockRequest.BlockSize,
            2 => BlockRequest.BlockSize + 1,
            4 => 100,
            _ => _world.Metainfo.PieceLengthOf(piece % _world.Metainfo.PieceCount) % BlockRequest.BlockSize,
        };
        return new BlockRequest(piece, block * BlockRequest.BlockSize, length);
    }
}
