using System.Net;
using OurTorrent.Loop;
using OurTorrent.Network;

namespace OurTorrent.Simulation.Network;

/// <summary>A listener in a test: keeps the ends it accepts.</summary>
internal sealed class StreamAcceptor : IListenHandler
{
    private readonly EngineLoop _loop;

    public StreamAcceptor(EngineLoop loop, IPEndPoint local)
    {
        _loop = loop;
        Socket = loop.Network.Listen(local, this);
    }

    public IListenSocket Socket { get; }

    public List<StreamEnd> Ends { get; } = [];

    public TimeSpan LastAcceptedAt { get; private set; }

    /// <summary>Does something with an end before anything arrives at it.</summary>
    public Action<StreamEnd> WhenAccepted { get; set; } = static _ => { };

    public IStreamHandler OnAccepted(IStreamSocket socket)
    {
        var end = new StreamEnd(_loop) { Socket = socket };
        Ends.Add(end);
        LastAcceptedAt = _loop.Now;
        WhenAccepted(end);
        return end;
    }
}
