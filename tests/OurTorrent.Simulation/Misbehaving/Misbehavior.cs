using OurTorrent.Protocol.Peers;

namespace OurTorrent.Simulation.Misbehaving;

/// <summary>What a <see cref="RawPeer"/> does; as it is here, it serves everything to everybody, as a good seeder does.</summary>
internal class Misbehavior
{
    /// <summary>What it says it can do.</summary>
    public virtual PeerCapabilities Capabilities => PeerCapabilities.Fast;

    /// <summary>Handshakes were exchanged.</summary>
    public virtual void Opened(RawConnection connection) => connection.Send(PeerMessageWriter.WriteHaveAll);

    /// <summary>The other end is interested.</summary>
    public virtual void Interested(RawConnection connection) => connection.Send(PeerMessageWriter.WriteUnchoke);

    /// <summary>The other end asks for a block.</summary>
    public virtual void Asked(RawConnection connection, BlockRequest request) => connection.SendBlock(request);

    /// <summary>A second has passed.</summary>
    public virtual void Tick(RawConnection connection)
    {
        // A good seeder only answers.
    }

    /// <summary>The connection has ended.</summary>
    public virtual void Ended(RawConnection connection)
    {
        // Whoever wants it back comes back.
    }
}
