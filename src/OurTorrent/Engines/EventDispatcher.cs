using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace OurTorrent.Engines;

/// <summary>Calls users' event handlers one after the other, away from the loop, so that a slow handler slows no peer.</summary>
internal sealed class EventDispatcher
{
    private readonly Channel<Action> _calls = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ILogger _logger;
    private readonly Task _running;

    /// <summary>Makes a dispatcher that waits for calls.</summary>
    public EventDispatcher(ILogger logger)
    {
        _logger = logger;
        _running = RunAsync();
    }

    /// <summary>Has a handler called. Any thread may call it.</summary>
    public void Raise(Action call) => _calls.Writer.TryWrite(call);

    /// <summary>Takes no more calls; ends when those taken have been made.</summary>
    public Task CloseAsync()
    {
        _calls.Writer.TryComplete();
        return _running;
    }

    private async Task RunAsync()
    {
        await foreach (Action call in _calls.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                call();
            }
            catch (Exception e)
            {
                // A user's handler must not end the events of all others.
                Log.HandlerFailed(_logger, e);
            }
        }
    }
}
