using OurTorrent.Tracker.Sqlite;
using OurTorrent.Tracker.Swarms;
using OurTorrent.Tracker.Tests.Swarms;

namespace OurTorrent.Tracker.Tests.Sqlite;

public sealed class SqliteSwarmStoreContractTests : LastingSwarmStoreContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ourtorrent-swarms-");
    private int _databases;

    private string Database => Path.Combine(_folder.FullName, $"{_databases}.db");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private protected override ISwarmStore Create(MemorySwarmStoreOptions options) => new SqliteSwarmStore(Database, options);

    private protected override Task BeginAsync(MemorySwarmStoreOptions? options = null)
    {
        _databases++;
        return base.BeginAsync(options);
    }

    private protected override async Task CloseAsync(bool killed)
    {
        if (!killed)
        {
            await Store.DisposeAsync();
            return;
        }

        // What a process leaves behind that is killed: the file and its log, as they are on disk at that moment.
        await Store.FlushAsync(Cancelled);
        string before = Database;
        _databases++;
        File.Copy(before, Database);
        File.Copy(before + "-wal", Database + "-wal");
        await Store.DisposeAsync();
    }
}
