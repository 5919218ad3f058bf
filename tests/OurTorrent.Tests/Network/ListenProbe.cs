using System.Net;
using OurTorrent.Network;

namespace OurTorrent.Tests.Network;

/// <summary>A listener that keeps what it accepts.</summary>
internal sealed class ListenProbe : IListenHandler, IDisposable
{
    public ListenProbe(NetworkRig rig, IPEndPoint local) => Socket = rig.Network.Listen(local, this);

    public IListenSocket Socket { get; }

    public List<StreamProbe> Accepted { get; } = [];

    public Func<StreamProbe, bool> IsWanted { get; set; } = static _ => true;

    public IStreamHandler? OnAccepted(IStreamSocket socket)
    {
        var probe = new StreamProbe { Socket = socket };
        Accepted.Add(probe);
        return IsWanted(probe) ? probe : null;
    }

    public void Dispose() => Socket.Close();
}
