using System.Net;
using OurTorrent.Network;

namespace OurTorrent.Tests.Loop;

/// <summary>A network without sockets: it only waits, as it is told to, and can run something in a poll.</summary>
internal sealed class IdleNetwork : INetwork
{
    private readonly SemaphoreSlim _woken = new(0);

    public List<TimeSpan> Timeouts { get; } = [];

    public int Wakes => Volatile.Read(ref _wakes);

    public bool IsDisposed { get; private set; }

    public Action<TimeSpan>? WhenPolled { get; set; }

    private int _wakes;

    public void Poll(TimeSpan timeout)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        Timeouts.Add(timeout);
        if (WhenPolled is not null)
            WhenPolled(timeout);
        else
            _woken.Wait(timeout);
    }

    public void Wake()
    {
        Interlocked.Increment(ref _wakes);
        _woken.Release();
    }

    public void Dispose() => IsDisposed = true;

    public IStreamSocket Connect(IPEndPoint remote, IPAddress? local, IStreamHandler handler) => throw new NotSupportedException();

    public IListenSocket Listen(IPEndPoint local, IListenHandler handler) => throw new NotSupportedException();

    public IDatagramSocket OpenDatagram(IPEndPoint local, IDatagramHandler handler) => throw new NotSupportedException();

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => throw new NotSupportedException();
}
