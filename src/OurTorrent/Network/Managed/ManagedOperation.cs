using System.Net.Sockets;

namespace OurTorrent.Network.Managed;

/// <summary>
/// Something the system does for a socket in the background; its end is handed to the network's next poll. It carries no
/// execution context along: nothing of the kind is used on the loop.
/// </summary>
internal sealed class ManagedOperation(ManagedSocket owner) : SocketAsyncEventArgs(true)
{
    /// <summary>Whose operation it is.</summary>
    public ManagedSocket Owner { get; } = owner;

    /// <summary>Whether it is under way, or done and not yet handled.</summary>
    public bool IsPending { get; set; }

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => Owner.Network.Complete(this);
}
