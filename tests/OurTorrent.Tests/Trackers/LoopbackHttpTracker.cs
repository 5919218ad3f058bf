using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OurTorrent.Tests.Trackers;

/// <summary>A tiny HTTP server on loopback that says, byte for byte, what the test tells it to.</summary>
internal sealed class LoopbackHttpTracker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, byte[]> _answer;
    private readonly Task _run;

    /// <summary>Begins to listen.</summary>
    /// <param name="answer">Given the request line, says the whole answer.</param>
    public LoopbackHttpTracker(Func<string, byte[]> answer)
    {
        _answer = answer;
        _listener.Start();
        _run = RunAsync();
    }

    public string Root => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public List<string> Requests { get; } = [];

    /// <summary>Whether the body goes on for ever.</summary>
    public bool IsEndless { get; set; }

    /// <summary>Whether the connection is left open without an answer.</summary>
    public bool IsSilent { get; set; }

    public static byte[] Reply(string body, string status = "200 OK", string headers = "") =>
        Reply(Encoding.Latin1.GetBytes(body), status, headers);

    public static byte[] Reply(byte[] body, string status = "200 OK", string headers = "") =>
        [.. Encoding.Latin1.GetBytes($"HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n"), .. body];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                try
                {
                    await ServeAsync(client.GetStream());
                }
                catch (IOException)
                {
                    // The client has hung up on us, as it does on endless answers.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed: the end of every tracker.
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        var request = new StringBuilder();
        byte[] buffer = new byte[8192];
        while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            int count = await stream.ReadAsync(buffer, _stop.Token);
            if (count == 0)
                return;
            request.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        string text = request.ToString();
        lock (Requests)
            Requests.Add(text);
        if (IsSilent)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);

        await stream.WriteAsync(_answer(text[..text.IndexOf("\r\n", StringComparison.Ordinal)]), _stop.Token);
        while (IsEndless)
            await stream.WriteAsync(buffer, _stop.Token);
    }
}
