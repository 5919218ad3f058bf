using System.Net;
using System.Net.Sockets;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>One request to a UDP tracker, from its connect to its answer.</summary>
/// <param name="remote">The tracker's address.</param>
/// <param name="maxTimeouts">How many waits may end in vain before it has failed.</param>
internal abstract class UdpTransaction(IPEndPoint remote, int maxTimeouts)
{
    public IPEndPoint Remote { get; } = remote;

    public int MaxTimeouts { get; } = maxTimeouts;

    /// <summary>The length of the longest message it sends, in bytes.</summary>
    public abstract int RequestLength { get; }

    protected bool IsIPv6 => Remote.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Writes the request.</summary>
    /// <param name="destination">At least <see cref="RequestLength"/> bytes.</param>
    /// <param name="connectionId">The id the tracker gave.</param>
    /// <param name="transactionId">The number the answer will carry.</param>
    public abstract void WriteRequest(Span<byte> destination, ulong connectionId, uint transactionId);

    /// <summary>Takes what may be the answer, and tells of it.</summary>
    /// <param name="packet">A datagram from the tracker with the right transaction id.</param>
    /// <returns>Whether it is the answer.</returns>
    public abstract bool TryFinish(ReadOnlySpan<byte> packet);

    /// <summary>Tells of the failure.</summary>
    public abstract void Fail(TrackerFailure failure);

    /// <summary>The number the answer to the last message carries; null before there is one.</summary>
    internal uint? TransactionId { get; set; }

    /// <summary>Whether a connection id is wanted first.</summary>
    internal bool IsConnecting { get; set; }

    /// <summary>Whether it has sent the connect that others to the same tracker wait for too.</summary>
    internal bool LeadsConnect { get; set; }

    /// <summary>Whether the connection id in use was received for this request, so that a refusal is not the id's fault.</summary>
    internal bool HasFreshConnection { get; set; }

    internal TimeSpan Started { get; set; }

    internal TimeSpan Due { get; set; }

    internal int Timeouts { get; set; }

    internal int Doublings { get; set; }
}
