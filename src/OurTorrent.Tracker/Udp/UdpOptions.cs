namespace OurTorrent.Tracker.Udp;

/// <summary>What few have to set of how UDP requests are taken.</summary>
public sealed record UdpOptions
{
    /// <summary>
    /// The secret under which connection ids are made, 16 bytes; empty, the default, for a new one at each start. Several nodes that
    /// serve the same address with the same secret accept each other's ids, and a node those it gave before it was started again.
    /// </summary>
    public ReadOnlyMemory<byte> ConnectionIdKey { get; init; }

    /// <summary>How many bytes of requests the system may hold for each worker; 8 MiB by default. The system may grant less.</summary>
    public int ReceiveBufferBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// Whether, on Linux and with several workers, all requests for a swarm are given to the same worker, so that its memory stays with
    /// one processor; false by default. Otherwise all requests of a client meet the same worker, which on two processors costs a
    /// seventh less: there is less waking of workers for a packet or two.
    /// </summary>
    public bool SteerBySwarm { get; init; }

    /// <summary>Whether to use the sockets of the base library also where there is a faster way; for tests of the former.</summary>
    internal bool UseManagedSockets { get; init; }

    /// <summary>Checks that the values make sense.</summary>
    /// <exception cref="ArgumentException">One of them does not; it is named.</exception>
    public void Validate()
    {
        if (ConnectionIdKey.Length is not (0 or SipHash.KeyLength))
        {
            throw new ArgumentException(
                $"{nameof(ConnectionIdKey)} has {ConnectionIdKey.Length} bytes; it must have {SipHash.KeyLength}, or none.", nameof(ConnectionIdKey));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(ReceiveBufferBytes, 4096);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ReceiveBufferBytes, 1024 * 1024 * 1024);
    }
}
