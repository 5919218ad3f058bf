using System.Globalization;
using System.Net;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>Hands a datagram to a socket.</summary>
/// <param name="datagram">The bytes.</param>
/// <param name="remote">Where to.</param>
/// <returns>Whether the system took it.</returns>
internal delegate bool SendDatagram(ReadOnlySpan<byte> datagram, IPEndPoint remote);

/// <summary>
/// The client's side of the UDP tracker protocol (BEP 15) without a socket: any number of requests at once, to any trackers.
/// Datagrams and the time come in; datagrams and answers come out.
/// </summary>
/// <param name="send">Takes what is to be sent.</param>
/// <param name="transactionIds">Gives numbers that nobody can guess.</param>
/// <param name="options">How patient to be.</param>
internal sealed class UdpTrackerExchange(SendDatagram send, Func<uint> transactionIds, UdpExchangeOptions options)
{
    private readonly List<UdpTransaction> _open = [];
    private readonly Dictionary<uint, UdpTransaction> _byId = [];
    private readonly Dictionary<IPEndPoint, Connection> _connections = [];

    /// <summary>When <see cref="Advance"/> is to be called, or null when nothing is open.</summary>
    public TimeSpan? NextWake
    {
        get
        {
            TimeSpan? wake = null;
            foreach (UdpTransaction transaction in _open)
            {
                if (!(wake <= transaction.Due))
                    wake = transaction.Due;
            }

            return wake;
        }
    }

    /// <summary>Begins a request.</summary>
    /// <param name="transaction">The request, which is told of the outcome later.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether the first datagram could be sent; the request is open in any case.</returns>
    public bool Begin(UdpTransaction transaction, TimeSpan now)
    {
        transaction.Started = now;
        _open.Add(transaction);
        return Transmit(transaction, now);
    }

    /// <summary>Gives a request up, without a word to it.</summary>
    public void Cancel(UdpTransaction transaction, TimeSpan now) => Remove(transaction, now);

    /// <summary>Takes a datagram; one that answers no open request, or comes from another address, is dropped.</summary>
    public void OnDatagram(ReadOnlySpan<byte> packet, IPEndPoint remote, TimeSpan now)
    {
        if (!UdpResponseHeader.TryParse(packet, out UdpResponseHeader header) ||
            !_byId.TryGetValue(header.TransactionId, out UdpTransaction? transaction) || !transaction.Remote.Equals(remote))
        {
            return;
        }

        if (UdpErrorResponse.TryParse(packet, out UdpErrorResponse error))
            OnRefused(transaction, error, now);
        else if (!transaction.IsConnecting && transaction.TryFinish(packet))
            Remove(transaction, now);
        else if (transaction.IsConnecting && UdpConnectResponse.TryParse(packet, out UdpConnectResponse connected))
            OnConnected(transaction, connected.ConnectionId, now);
    }

    /// <summary>Sends again what has not been answered in time, and gives up what has waited long enough.</summary>
    public void Advance(TimeSpan now)
    {
        foreach (UdpTransaction transaction in _open.ToArray())
        {
            // An earlier one of this pass may have ended it, or sent it anew.
            if (transaction.Due > now || !_open.Contains(transaction))
                continue;

            transaction.Timeouts++;
            if (transaction.Timeouts >= transaction.MaxTimeouts)
            {
                Remove(transaction, now);
                transaction.Fail(new(TrackerFailureReason.TimedOut, string.Create(
                    CultureInfo.InvariantCulture, $"timed out after {(now - transaction.Started).TotalSeconds:0.#} s")));
                continue;
            }

            transaction.Doublings = Math.Min(transaction.Doublings + 1, options.MaxDoublings);
            Transmit(transaction, now);
        }
    }

    private bool Transmit(UdpTransaction transaction, TimeSpan now)
    {
        transaction.Due = now + (options.FirstTimeout * Math.Pow(2, transaction.Doublings));
        if (_connections.TryGetValue(transaction.Remote, out Connection connection) && connection.Expires > now)
        {
            if (transaction.IsConnecting || transaction.TransactionId is null)
                Renumber(transaction);
            transaction.IsConnecting = false;
            transaction.LeadsConnect = false;
            Span<byte> request = stackalloc byte[512];
            request = transaction.RequestLength <= request.Length
                ? request[..transaction.RequestLength] : new byte[transaction.RequestLength];
            transaction.WriteRequest(request, connection.Id, transaction.TransactionId ?? 0);
            return send(request, transaction.Remote);
        }

        if (!transaction.IsConnecting)
            Renumber(transaction);
        transaction.IsConnecting = true;
        if (!transaction.LeadsConnect && FindWaiting(transaction.Remote, leading: true) is not null)
            return true;

        transaction.LeadsConnect = true;
        Span<byte> connect = stackalloc byte[UdpConnectRequest.WireLength];
        new UdpConnectRequest(transaction.TransactionId ?? 0).Write(connect);
        return send(connect, transaction.Remote);
    }

    private void OnConnected(UdpTransaction leader, ulong connectionId, TimeSpan now)
    {
        ForgetExpired(now);
        _connections[leader.Remote] = new(connectionId, now + options.ConnectionLifetime);
        while (FindWaiting(leader.Remote, leading: null) is { } waiting)
        {
            // The tracker is there: its first answer makes the waits short again, its later ones may be a game to keep us.
            if (!waiting.HasFreshConnection)
                waiting.Doublings = 0;
            waiting.HasFreshConnection = true;
            Transmit(waiting, now);
        }
    }

    private void OnRefused(UdpTransaction transaction, UdpErrorResponse error, TimeSpan now)
    {
        if (!transaction.IsConnecting && !transaction.HasFreshConnection)
        {
            // The id came from an earlier request; a tracker that has restarted since knows it no more.
            _connections.Remove(transaction.Remote);
            Transmit(transaction, now);
            return;
        }

        string message = error.ToString();
        Remove(transaction, now);
        transaction.Fail(new(TrackerFailureReason.Refused, message.Length > 0 ? message : "refused without a reason"));
    }

    private void Remove(UdpTransaction transaction, TimeSpan now)
    {
        if (!_open.Remove(transaction))
            return;

        if (transaction.TransactionId is { } id)
            _byId.Remove(id);
        if (!transaction.LeadsConnect)
            return;

        // Those who waited for its connect choose another leader.
        transaction.LeadsConnect = false;
        if (FindWaiting(transaction.Remote, leading: null) is { } next)
            Transmit(next, now);
    }

    private UdpTransaction? FindWaiting(IPEndPoint remote, bool? leading)
    {
        foreach (UdpTransaction transaction in _open)
        {
            if (transaction.IsConnecting && transaction.Remote.Equals(remote) && (leading is null || leading == transaction.LeadsConnect))
                return transaction;
        }

        return null;
    }

    private void Renumber(UdpTransaction transaction)
    {
        if (transaction.TransactionId is { } old)
            _byId.Remove(old);

        uint id = transactionIds();
        while (!_byId.TryAdd(id, transaction))
            id = transactionIds();
        transaction.TransactionId = id;
    }

    private void ForgetExpired(TimeSpan now)
    {
        foreach ((IPEndPoint remote, Connection connection) in _connections)
        {
            // Removing while walking is allowed for this type.
            if (connection.Expires <= now)
                _connections.Remove(remote);
        }
    }

    private readonly record struct Connection(ulong Id, TimeSpan Expires);
}
