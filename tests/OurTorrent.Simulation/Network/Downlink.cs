namespace OurTorrent.Simulation.Network;

/// <summary>The way into a host: packets queue up where they arrive faster than they fit through.</summary>
internal sealed class Downlink(VirtualHost host, VirtualTime time)
{
    // What a router holds before it drops.
    private static readonly TimeSpan MaxDatagramDelay = TimeSpan.FromMilliseconds(500);

    private TimeSpan _free;

    /// <summary>Lets a packet in.</summary>
    /// <param name="length">How many bytes it has.</param>
    /// <param name="deliver">What is done once they are all there.</param>
    /// <param name="mayDrop">Whether it is lost rather than kept waiting long.</param>
    public void Enter(int length, Action deliver, bool mayDrop)
    {
        TimeSpan begin = _free > time.Now ? _free : time.Now;
        if (mayDrop && begin - time.Now > MaxDatagramDelay)
            return;
        _free = begin + Transmission.Duration(length, host.Options.DownloadRate);
        if (_free > time.Now)
            time.At(_free, deliver);
        else
            deliver();
    }
}
