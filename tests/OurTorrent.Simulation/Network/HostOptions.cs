namespace OurTorrent.Simulation.Network;

/// <summary>How a host is connected to the others.</summary>
internal sealed record HostOptions
{
    /// <summary>Bytes a second it can send; zero for no limit.</summary>
    public double UploadRate { get; init; }

    /// <summary>Bytes a second it can receive; zero for no limit.</summary>
    public double DownloadRate { get; init; }

    /// <summary>The time from the host to the middle of the network; the way to another host adds that one's.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How much longer a packet may take, by chance. Datagrams overtake each other by it, streams stay in order.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>The part of the datagrams, sent and received, that are lost; 0 to 1.</summary>
    public double DatagramLoss { get; init; }

    /// <summary>How many bytes a connection takes before they are on their way.</summary>
    public int SendBuffer { get; init; } = 256 * 1024;

    /// <summary>How many bytes a connection holds that were not received by the program, those on their way included.</summary>
    public int ReceiveBuffer { get; init; } = 256 * 1024;

    /// <summary>What becomes of connections from outside.</summary>
    public IncomingConnections Incoming { get; init; }
}
