using System.Net;
using OurTorrent.Interop.Contents;
using OurTorrent.Interop.Programs;

namespace OurTorrent.Interop.Clients;

/// <summary>A BitTorrent client of somebody else that runs on this machine and can be told what to do.</summary>
/// <param name="program">The running client.</param>
/// <param name="port">The port it takes peers on.</param>
internal abstract class OtherClient(ExternalProgram program, int port) : IAsyncDisposable
{
    /// <summary>Where peers can connect to it.</summary>
    public IPEndPoint EndPoint { get; } = new(IPAddress.Loopback, port);

    /// <summary>Whether it takes padding files (BEP 47) for content, so that it has them on disk, or needs them there.</summary>
    public virtual bool KeepsPadding => false;

    /// <summary>Whether it makes the empty files of a torrent.</summary>
    public virtual bool MakesEmptyFiles => true;

    /// <summary>What it exits with when all is well.</summary>
    protected virtual int[] GoodExitCodes => [0];

    protected ExternalProgram Program { get; } = program;

    /// <summary>Adds a torrent and starts it. What the folder holds of its content is looked at first.</summary>
    public abstract Task AddAsync(SharedTorrent torrent, string folder, CancellationToken cancellationToken);

    /// <summary>Starts a client without any torrent.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="home">A folder for its settings.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<OtherClient> StartAsync(ClientKind kind, string home, CancellationToken cancellationToken) => kind switch
    {
        ClientKind.LibTorrent => await LibTorrent.StartAsync(home, cancellationToken),
        ClientKind.Aria2 => await Aria2.StartAsync(home, cancellationToken),
        _ => await Transmission.StartAsync(home, cancellationToken),
    };

    /// <summary>Waits until the client answers handshakes for a torrent, which it does not while it still looks at the disk.</summary>
    public virtual Task WaitForPeersWelcomeAsync(SharedTorrent torrent, CancellationToken cancellationToken) => Patience.UntilAsync(
        () => PeerProbe.AnswersAsync(EndPoint, torrent.Metainfo.InfoHashes.Wire, cancellationToken),
        () => $"a handshake of {GetType().Name} for {torrent.Metainfo.Name}",
        cancellationToken);

    /// <summary>Waits until the client says that it has so much of the content, verified.</summary>
    /// <param name="torrent">A torrent that was added.</param>
    /// <param name="bytes">How much.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WaitForBytesAsync(SharedTorrent torrent, long bytes, CancellationToken cancellationToken)
    {
        Progress seen = default;
        await Patience.UntilAsync(
            async () =>
            {
                seen = await GetProgressAsync(torrent, cancellationToken);
                return !seen.IsChecking && seen.BytesCompleted >= bytes;
            },
            () => $"{bytes} bytes of {torrent.Metainfo.Name}; {GetType().Name} says {seen}",
            cancellationToken);
        Assert.Equal(bytes, seen.BytesCompleted);
    }

    /// <summary>Waits until the client says that it has all of the content, verified, and seeds it.</summary>
    public async Task WaitForSeedingAsync(SharedTorrent torrent, CancellationToken cancellationToken)
    {
        Progress seen = default;
        await Patience.UntilAsync(
            async () =>
            {
                seen = await GetProgressAsync(torrent, cancellationToken);
                return seen.IsSeeding;
            },
            () => $"that it seeds {torrent.Metainfo.Name}; {GetType().Name} says {seen}",
            cancellationToken);
    }

    /// <summary>Ends the client in good order, so that what it has is on disk.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await AskToEndAsync(cancellationToken);
        Assert.Contains(await Program.WaitForExitAsync(cancellationToken), GoodExitCodes);
    }

    public virtual ValueTask DisposeAsync() => Program.DisposeAsync();

    /// <summary>Tells the client to end in good order.</summary>
    protected abstract Task AskToEndAsync(CancellationToken cancellationToken);

    protected abstract Task<Progress> GetProgressAsync(SharedTorrent torrent, CancellationToken cancellationToken);

    /// <summary>How far a torrent is.</summary>
    /// <param name="BytesCompleted">What it has verified, in bytes.</param>
    /// <param name="IsChecking">Whether it still looks at what is on disk.</param>
    /// <param name="IsSeeding">Whether it has all and offers it.</param>
    protected readonly record struct Progress(long BytesCompleted, bool IsChecking, bool IsSeeding);
}
