using System.Net;
using System.Net.Sockets;
using System.Text;
using OurTorrent.Trackers;

namespace OurTorrent.Tests.Trackers;

public sealed class HttpGetterTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HttpGetter _getter = new(IPAddress.Loopback, "test", TimeSpan.FromSeconds(10));

    public HttpGetterTests() => _listener.Start();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _getter.Dispose();
        _listener.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 O")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nt")]
    public async Task A_kept_connection_that_is_cut_as_it_is_used_again_is_replaced(string beginning)
    {
        Task<HttpAnswer> first = GetAsync();
        using TcpClient kept = await _listener.AcceptTcpClientAsync(Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        await AnswerAsync(kept, "one");
        Assert.Equal("one", Encoding.ASCII.GetString((await first).Body.Span));

        Task<HttpAnswer> second = GetAsync();
        await ReadRequestAsync(kept);
        await kept.GetStream().WriteAsync(Encoding.ASCII.GetBytes(beginning), Cancelled);
        Cut(kept);
        using TcpClient fresh = await _listener.AcceptTcpClientAsync(Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancelled);
        await AnswerAsync(fresh, "two");
        Assert.Equal("two", Encoding.ASCII.GetString((await second).Body.Span));
    }

    [Fact]
    public async Task A_tracker_that_cuts_every_connection_is_given_up_soon()
    {
        Task<HttpAnswer> answer = GetAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        Task<int> cutting = CutAllAsync(over.Token);
        await Assert.ThrowsAsync<TrackerException>(() => answer);
        await over.CancelAsync();
        Assert.InRange(await cutting, 1, 10);
    }

    private async Task<int> CutAllAsync(CancellationToken cancellationToken)
    {
        for (int count = 0; ; count++)
        {
            try
            {
                using TcpClient connection = await _listener.AcceptTcpClientAsync(cancellationToken);
                Cut(connection);
            }
            catch (OperationCanceledException)
            {
                return count;
            }
        }
    }

    private static async Task AnswerAsync(TcpClient connection, string body)
    {
        await ReadRequestAsync(connection);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}"), Cancelled);
    }

    private static async Task ReadRequestAsync(TcpClient connection)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await connection.GetStream().ReadAsync(buffer, Cancelled);
            Assert.NotEqual(0, read);
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
    }

    /// <summary>Closes it with a reset, as who closes without having read everything does.</summary>
    private static void Cut(TcpClient connection)
    {
        connection.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        connection.Client.Close();
    }

    private Task<HttpAnswer> GetAsync() =>
        _getter.GetAsync(new Uri($"http://{_listener.LocalEndpoint}/announce"), 1000, Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
}
