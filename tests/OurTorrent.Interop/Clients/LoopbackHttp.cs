namespace OurTorrent.Interop.Clients;

/// <summary>Asks programs of this machine over HTTP, past any proxy.</summary>
internal static class LoopbackHttp
{
    public static HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };
}
