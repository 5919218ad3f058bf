namespace OurTorrent.Tracker.Udp;

/// <summary>What one thread does: take datagrams from a socket and answer them.</summary>
internal interface IUdpWorker : IDisposable
{
    /// <summary>Takes and answers until it is told to stop. What it throws concerns what it has just taken; it can be called again.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The system would not give any more datagrams.</exception>
    void Run();

    /// <summary>Makes <see cref="Run"/> return soon, whatever it waits for. Called from another thread.</summary>
    void Stop();
}
