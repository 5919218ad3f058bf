using OurTorrent.Loop;
using OurTorrent.Simulation.Network;

namespace OurTorrent.Simulation;

/// <summary>A loop in the hands of the <see cref="Simulator"/>: it stands in line when it may have something to do, and its timers are events of the clock.</summary>
internal sealed class SimulatedLoop : IVirtualEvent, IDisposable
{
    private readonly EngineLoop _loop;
    private readonly HostNetwork _network;
    private readonly VirtualTime _time;
    private readonly Queue<SimulatedLoop> _line;
    private bool _isInLine;
    private TimeSpan _scheduled = TimeSpan.MaxValue;

    /// <summary>Takes a loop.</summary>
    /// <param name="loop">The loop, on a network of a virtual host.</param>
    /// <param name="index">What the trace calls it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="line">The loops that are to be turned.</param>
    public SimulatedLoop(EngineLoop loop, int index, VirtualTime time, Queue<SimulatedLoop> line)
    {
        _loop = loop;
        _network = (HostNetwork)loop.Network;
        _time = time;
        _line = line;
        Index = index;
        _network.Roused = Rouse;
    }

    public int Index { get; }

    /// <summary>Whether a turn has something to do.</summary>
    public bool IsReady => !_loop.HasEnded && (_loop.HasPosted || _network.HasEvents || NextDue <= _time.Now);

    private TimeSpan NextDue =>
        _loop.NextDue is { } due && due < TimeSpan.MaxValue - TimeSpan.FromTicks(_loop.Started)
            ? TimeSpan.FromTicks(_loop.Started) + due
            : TimeSpan.MaxValue;

    /// <summary>Puts it in line, if it is not.</summary>
    public void Rouse()
    {
        if (_isInLine)
            return;
        _isInLine = true;
        _line.Enqueue(this);
    }

    /// <summary>It has left the line, and is to be turned while it is ready.</summary>
    public void BeginTurns() => _isInLine = false;

    public void Turn() => _loop.Turn(wait: false);

    /// <summary>Has the clock rouse it when its next timer is due.</summary>
    public void ScheduleTimers()
    {
        if (_loop.HasEnded || NextDue >= _scheduled)
            return;
        _scheduled = NextDue;
        _time.At(_scheduled, this);
    }

    /// <inheritdoc/>
    public void Happen()
    {
        // An event of a timer that was set anew meanwhile is none.
        if (_time.Now < _scheduled)
            return;
        _scheduled = TimeSpan.MaxValue;
        Rouse();
    }

    public void Dispose() => _loop.Dispose();
}
