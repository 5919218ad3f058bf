using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OurTorrent.Cli.Tests;

/// <summary>A web server on this machine that answers every request as it is told.</summary>
internal sealed class LoopbackWebServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Func<string, Answer> _answer;
    private readonly Task _serving;

    public LoopbackWebServer(Func<string, Answer> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The paths asked for, with their queries.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the test is the end of the server.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        try
        {
            using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
            string request = await reader.ReadLineAsync(_stop.Token) ?? "";
            while (!string.IsNullOrEmpty(await reader.ReadLineAsync(_stop.Token)))
            {
                // Headers are of no interest.
            }

            string path = request.Split(' ')[1];
            Requests.Enqueue(path);
            Answer answer = _answer(path);
            string head = $"HTTP/1.1 {answer.Status}\r\nConnection: close\r\n{answer.Headers}\r\n";
            await stream.WriteAsync(Encoding.Latin1.GetBytes(head), _stop.Token);
            do
            {
                await stream.WriteAsync(answer.Body, _stop.Token);
            }
            while (answer.IsEndless);
        }
        catch (IOException)
        {
            // The other side has had enough.
        }
    }

    internal sealed record Answer(byte[] Body, string Status = "200 OK", string Headers = "", bool IsEndless = false);
}
