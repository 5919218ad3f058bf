namespace OurTorrent.Simulation.Network;

/// <summary>The way out of a host: one packet at a time, each connection in its turn.</summary>
internal sealed class Uplink(VirtualHost host, VirtualTime time)
{
    private readonly Queue<IUplinkSource> _line = new();
    private bool _busy;

    /// <summary>Puts a source in line, if it is not.</summary>
    public void Enter(IUplinkSource source)
    {
        if (source.IsInLine)
            return;
        source.IsInLine = true;
        _line.Enqueue(source);
        Run();
    }

    private void Run()
    {
        while (!_busy && _line.TryDequeue(out IUplinkSource? source))
        {
            // In line again while it has packets; out of it once it has none.
            if (!source.TryTake(out int length, out Action depart))
            {
                source.IsInLine = false;
                continue;
            }

            _line.Enqueue(source);
            TimeSpan duration = Transmission.Duration(length, host.Options.UploadRate);
            if (duration == TimeSpan.Zero)
            {
                depart();
                continue;
            }

            _busy = true;
            time.After(duration, () =>
            {
                _busy = false;
                depart();
                Run();
            });
        }
    }
}
