using System.Buffers;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Peers;
using OurTorrent.Storage;

namespace OurTorrent.Peers;

// What is said to the peer.
internal sealed partial class PeerConnection
{
    /// <summary>Says whether we want something of the peer.</summary>
    public void SetInterested(bool interested)
    {
        if (AmInterested == interested)
            return;

        AmInterested = interested;
        if (interested)
            PeerMessageWriter.WriteInterested(_out);
        else
            PeerMessageWriter.WriteNotInterested(_out);
        _engine.Flush.Now(this);
    }

    /// <summary>Says whether we serve the peer. Blocks that were asked for and not sent are refused when we no longer do.</summary>
    public void SetChoking(bool choking)
    {
        if (AmChoking == choking)
            return;

        AmChoking = choking;
        if (choking)
        {
            PeerMessageWriter.WriteChoke(_out);
            Uploads.RefuseAll(IsFast ? this : null);
        }
        else
        {
            PeerMessageWriter.WriteUnchoke(_out);
        }

        _engine.Flush.Now(this);
    }

    /// <summary>Asks for blocks.</summary>
    public void SendRequests(ReadOnlySpan<BlockRequest> requests)
    {
        foreach (BlockRequest request in requests)
            PeerMessageWriter.WriteRequest(_out, request);
        _engine.Flush.Now(this);
    }

    /// <summary>Takes a request back, because the block has come from another peer. It may be on its way all the same.</summary>
    public void SendCancel(BlockRequest request)
    {
        LateBlocksExpected++;
        Window.Dropped(Picker.Outstanding.Count);
        PeerMessageWriter.WriteCancel(_out, request);
        _engine.Flush.Now(this);
    }

    /// <summary>Refuses a request (BEP 6).</summary>
    public void SendReject(BlockRequest request)
    {
        PeerMessageWriter.WriteReject(_out, request);
        _engine.Flush.Now(this);
    }

    /// <summary>Tells of a piece we have; it may leave a little later, with other messages.</summary>
    public void SendHave(int piece)
    {
        PeerMessageWriter.WriteHave(_out, piece);
        _engine.Flush.Later(this);
    }

    /// <summary>
    /// Sends a block; a share of the buffer is the connection's from here on. What the request asks for beyond the data is the
    /// gap after a file of a v2 torrent (BEP 52): zeros.
    /// </summary>
    public void SendBlock(BlockRequest request, ReadOnlyMemory<byte> data, BlockBuffer buffer)
    {
        PeerMessageWriter.WritePieceHeader(_out, request);
        _out.Add(data, buffer);
        int gap = request.Length - data.Length;
        if (gap > 0)
        {
            _out.GetSpan(gap)[..gap].Clear();
            _out.Advance(gap);
        }

        _engine.Flush.Now(this);
    }

    /// <summary>Lets the peer ask for these pieces while it is choked (BEP 6).</summary>
    public void SendAllowedFast(int piece)
    {
        PeerMessageWriter.WriteAllowedFast(_out, piece);
        _engine.Flush.Now(this);
    }

    private void SendHandshake(InfoHash infoHash)
    {
        var handshake = new PeerHandshake(PeerCapabilities.ExtensionProtocol | PeerCapabilities.Fast, infoHash, _engine.PeerId);
        handshake.Write(_out.GetSpan(PeerHandshake.WireLength));
        _out.Advance(PeerHandshake.WireLength);
        _engine.Flush.Now(this);
    }

    private void SendExtensionHandshake()
    {
        var handshake = new ExtensionHandshake
        {
            Client = _engine.Options.ClientName,
            RequestQueue = UploadQueue.Capacity,
            ListenPort = _engine.ListenPort == 0 ? null : (ushort)_engine.ListenPort,
            YourAddress = EndPoint.Address,
            UploadOnly = Swarm!.IsUploadOnly,
        };
        var payload = new ArrayBufferWriter<byte>();
        handshake.Write(payload);
        PeerMessageWriter.WriteExtended(_out, ExtensionHandshakeId, payload.WrittenSpan);
    }
}
