using System.Net;
using System.Net.Sockets;
using System.Text;
using OurTorrent.Loop;
using OurTorrent.Network;
using OurTorrent.Protocol;
using OurTorrent.Protocol.Trackers;

namespace OurTorrent.Trackers;

/// <summary>Speaks to UDP trackers over the sockets of a loop. Belongs to the loop's thread.</summary>
internal sealed class UdpTrackerClient : IDatagramHandler
{
    private readonly EngineLoop _loop;
    private readonly TrackerTransportOptions _options;
    private readonly UdpTrackerExchange _exchange;
    private readonly LoopTimer _timer;
    private IDatagramSocket? _ipv4;
    private IDatagramSocket? _ipv6;
    private bool _closed;

    /// <summary>Prepares to ask; sockets are opened when they are needed.</summary>
    /// <param name="loop">The loop this lives on.</param>
    /// <param name="transactionIds">Gives numbers that nobody can guess.</param>
    /// <param name="options">How trackers are reached.</param>
    public UdpTrackerClient(EngineLoop loop, Func<uint> transactionIds, TrackerTransportOptions options)
    {
        _loop = loop;
        _options = options;
        _exchange = new UdpTrackerExchange(Send, transactionIds, options.Udp);
        _timer = loop.CreateTimer(() =>
        {
            _exchange.Advance(_loop.Now);
            SetTimer();
        });
    }

    /// <summary>Sends an announce; see <see cref="ITrackerTransport.Announce"/>.</summary>
    public ITrackerCall Announce(
        TrackerUrl url, AnnounceRequest request, TimeSpan limit, Action<AnnounceResponse?, TrackerFailure?> done)
    {
        byte[] path = url.PathAndQuery == "/" ? [] : Encoding.ASCII.GetBytes(url.PathAndQuery);
        return Begin(url, limit, done, (call, remote, maxTimeouts) => new UdpAnnounce(remote, maxTimeouts, request, path, call.OnOutcome));
    }

    /// <summary>Sends a scrape; see <see cref="ITrackerTransport.Scrape"/>.</summary>
    public ITrackerCall Scrape(
        TrackerUrl url, IReadOnlyList<InfoHash> infoHashes, TimeSpan limit, Action<ScrapeResponse?, TrackerFailure?> done)
    {
        InfoHash[] hashes = [.. infoHashes.Take(UdpScrapeRequest.MaxCount)];
        return Begin(url, limit, done, (call, remote, maxTimeouts) => new UdpScrape(remote, maxTimeouts, hashes, call.OnOutcome));
    }

    /// <inheritdoc/>
    public void OnDatagram(ReadOnlySpan<byte> datagram, IPEndPoint remote)
    {
        _exchange.OnDatagram(datagram, remote, _loop.Now);
        SetTimer();
    }

    /// <summary>Closes the sockets; what is under way will not be answered.</summary>
    public void Close()
    {
        _closed = true;
        _timer.Cancel();
        _ipv4?.Close();
        _ipv6?.Close();
    }

    private Call<T> Begin<T>(
        TrackerUrl url,
        TimeSpan limit,
        Action<T?, TrackerFailure?> done,
        Func<Call<T>, IPEndPoint, int, UdpTransaction> create)
        where T : class
    {
        var call = new Call<T>(this, url, limit, done, create);
        call.Resolve();
        return call;
    }

    private bool Send(ReadOnlySpan<byte> datagram, IPEndPoint remote) => Socket(remote.AddressFamily)?.Send(datagram, remote) ?? false;

    private IDatagramSocket? Socket(AddressFamily family) => family == AddressFamily.InterNetwork
        ? _ipv4 ??= Open(IPAddress.Any)
        : _ipv6 ??= Open(IPAddress.IPv6Any);

    private IDatagramSocket? Open(IPAddress any)
    {
        IPAddress local = _options.BindAddress ?? any;
        if (_closed || local.AddressFamily != any.AddressFamily)
            return null;

        try
        {
            return _loop.Network.OpenDatagram(new IPEndPoint(local, 0), this);
        }
        catch (SocketException)
        {
            // No such address here, or no IPv6 at all: the tracker cannot be reached that way.
            return null;
        }
    }

    private void SetTimer()
    {
        if (_exchange.NextWake is { } wake)
            _timer.Set(wake - _loop.Now);
        else
            _timer.Cancel();
    }

    /// <summary>One request to a host: its name is looked up, and its addresses are tried in turn.</summary>
    private sealed class Call<T>(
        UdpTrackerClient client,
        TrackerUrl url,
        TimeSpan limit,
        Action<T?, TrackerFailure?> done,
        Func<Call<T>, IPEndPoint, int, UdpTransaction> create) : TrackerCall<T>(client._loop, limit, done)
        where T : class
    {
        private IPEndPoint[] _addresses = [];
        private int _next;
        private UdpTransaction? _transaction;

        public void Resolve() => _ = ResolveAsync();

        public void OnOutcome(T? answer, TrackerFailure? failure)
        {
            _transaction = null;
            if (answer is not null)
                Succeed(answer);
            else if (failure is not { Reason: TrackerFailureReason.TimedOut })
                Fail(failure!);
            else if (!TryNextAddress())
                FailTimedOut();
        }

        protected override void OnEnded()
        {
            if (_transaction is { } transaction)
            {
                _transaction = null;
                client._exchange.Cancel(transaction, Loop.Now);
                client.SetTimer();
            }
        }

        // Whatever comes ends as the call's outcome, so that nobody need wait for the task.
        private async Task ResolveAsync()
        {
            IPAddress[] addresses = [];
            TrackerFailure? failure = null;
            try
            {
                addresses = await Loop.Network.ResolveAsync(url.Host, Cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e)
            {
                failure = new(TrackerFailureReason.NameNotResolved, TrackerErrors.OfLookup(url.Host, e.SocketErrorCode));
            }

            Loop.Post(() => OnResolved(addresses, failure));
        }

        private void OnResolved(IPAddress[] addresses, TrackerFailure? failure)
        {
            if (!IsOpen)
                return;

            AddressFamily? family = client._options.BindAddress?.AddressFamily;
            _addresses = [.. addresses.Where(a => family is null || a.AddressFamily == family).Select(a => new IPEndPoint(a, url.Port))];
            failure ??= _addresses.Length == 0
                ? new(TrackerFailureReason.NameNotResolved, $"{url.Host} has no address of the right kind") : null;
            if (failure is not null)
                Fail(failure);
            else if (!TryNextAddress())
                Fail(new(TrackerFailureReason.Unreachable, "the host cannot be reached from here"));
        }

        private bool TryNextAddress()
        {
            while (_next < _addresses.Length)
            {
                int waits = (client._options.UdpMaxTimeouts + _addresses.Length - 1) / _addresses.Length;
                _transaction = create(this, _addresses[_next++], waits);
                if (client._exchange.Begin(_transaction, Loop.Now))
                {
                    client.SetTimer();
                    return true;
                }

                client._exchange.Cancel(_transaction, Loop.Now);
                _transaction = null;
            }

            return false;
        }
    }
}
