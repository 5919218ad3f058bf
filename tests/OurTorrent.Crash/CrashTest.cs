using OurTorrent.Crash.Contents;
using OurTorrent.Crash.Peers;
using OurTorrent.Crash.Programs;

namespace OurTorrent.Crash;

/// <summary>What the tests here share: three files in 48 pieces, a seed that has them, and a folder they are downloaded into.</summary>
public abstract class CrashTest : IAsyncLifetime
{
    private protected const int PieceLength = 64 * 1024;

    // The last piece of the first file is the first of the second as well.
    private static readonly long[] Lengths = [(16 * PieceLength) + 1000, (16 * PieceLength) - 1000, 16 * PieceLength];

    private readonly TemporaryFolder _folder = new();
    private SharedContent? _content;
    private LoopbackSeed? _seed;

    private protected SharedContent Content => _content!;

    private protected LoopbackSeed Seed => _seed!;

    /// <summary>Where the content is downloaded into.</summary>
    private protected virtual string Download => _folder["download"];

    /// <summary>Where the program keeps its state.</summary>
    private protected string State => _folder["state"];

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _content = await SharedContent.CreateAsync(_folder["seed"], PieceLength, Lengths);
        _seed = await LoopbackSeed.StartAsync(_content, _folder["seed-state"]);
    }

    public async ValueTask DisposeAsync()
    {
        await CleanUpAsync();
        if (_seed is not null)
            await _seed.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Undoes what a test has done to the machine.</summary>
    private protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    /// <summary>A path in the test's folder.</summary>
    private protected string PathOf(string name) => _folder[name];

    /// <summary>Downloads until it ends, whatever comes of it.</summary>
    /// <returns>Its exit code, its last line, and what it said on standard error.</returns>
    private protected Task<(int ExitCode, TransferLine Last, string Errors)> GetAsync() => GetAsync(State);

    /// <inheritdoc cref="GetAsync()"/>
    private protected async Task<(int ExitCode, TransferLine Last, string Errors)> GetAsync(string state)
    {
        await using RunningCommand command = RunningCommand.Get(state, Content.Torrent, Download, Seed.AsPeer);
        (int exitCode, string last) = await command.EndAsync();
        return (exitCode, TransferLine.Parse(last), command.Errors);
    }

    /// <summary>Downloads everything.</summary>
    private protected async Task GetAllAsync()
    {
        (int exitCode, _, string errors) = await GetAsync();
        Assert.True(exitCode == 0, errors);
        Content.AssertIn(Download);
    }
}
