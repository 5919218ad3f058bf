using Microsoft.Extensions.Logging;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Access;

/// <summary>The files and the database that say who may use the tracker, looked at again and again. For one thread at a time.</summary>
internal sealed class AccessLists : IDisposable
{
    private readonly AccessOptions _options;
    private readonly ILogger _logger;
    private readonly WatchedList<HashSet<InfoHash>>[] _allowed;
    private readonly WatchedList<HashSet<InfoHash>>[] _denied;
    private readonly WatchedList<List<AddressRange>>[] _blocked;
    private readonly AccessDatabase? _database;
    private HashSet<InfoHash> _databaseAllowed = [];
    private HashSet<InfoHash> _databaseDenied = [];
    private HashSet<UInt128> _passkeys = [];
    private long _databaseVersion;
    private string? _databaseProblem;
    private bool _isDisposed;

    /// <summary>Reads all of them.</summary>
    /// <param name="options">Name the files.</param>
    /// <param name="database">The database, or null.</param>
    /// <param name="logger">Is told of changes and problems.</param>
    /// <exception cref="AccessListException">A file cannot be read.</exception>
    /// <exception cref="SwarmStoreException">The database cannot be read.</exception>
    public AccessLists(AccessOptions options, string? database, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _allowed = [.. options.AllowListFiles.Select(file => new WatchedList<HashSet<InfoHash>>(file, AccessListFile.ReadTorrents, logger))];
        _denied = [.. options.DenyListFiles.Select(file => new WatchedList<HashSet<InfoHash>>(file, AccessListFile.ReadTorrents, logger))];
        _blocked = [.. options.BlockListFiles.Select(file => new WatchedList<List<AddressRange>>(file, AccessListFile.ReadNetworks, logger))];
        if (database is null)
            return;

        _database = AccessDatabase.Open(database);
        try
        {
            ReadDatabase(_database.Version);
        }
        catch (SwarmStoreException)
        {
            _database.Dispose();
            throw;
        }
    }

    /// <summary>What all of them say together.</summary>
    public AccessPolicy ToPolicy() => new()
    {
        Allowed = _options.AllowedOnly || _allowed.Length > 0 ? Filled([.. _allowed.Select(static list => list.Current), _databaseAllowed]) : null,
        Denied = Filled([.. _denied.Select(static list => list.Current), _databaseDenied]),
        Blocked = _options.BlockedNetworks.Count > 0 || _blocked.Length > 0
            ? new NetworkSet([.. _options.BlockedNetworks.Select(AddressRange.Of), .. _blocked.SelectMany(static list => list.Current)])
            : null,
        Passkeys = _options.Private ? _passkeys : null,
    };

    /// <summary>Looks at all of them.</summary>
    /// <returns>Whether something has changed.</returns>
    public bool Refresh()
    {
        if (_isDisposed)
            return false;

        bool changed = false;
        foreach (WatchedList<HashSet<InfoHash>> list in _allowed)
            changed |= list.Refresh();
        foreach (WatchedList<HashSet<InfoHash>> list in _denied)
            changed |= list.Refresh();
        foreach (WatchedList<List<AddressRange>> list in _blocked)
            changed |= list.Refresh();
        return RefreshDatabase() | changed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _database?.Dispose();
    }

    private static HashSet<InfoHash>[] Filled(HashSet<InfoHash>[] lists) => Array.FindAll(lists, static list => list.Count > 0);

    private bool RefreshDatabase()
    {
        if (_database is null)
            return false;

        try
        {
            long version = _database.Version;
            if (version == _databaseVersion)
                return false;

            ReadDatabase(version);
            _databaseProblem = null;
            return true;
        }
        catch (SwarmStoreException e)
        {
            if (_databaseProblem != e.Message)
                Log.DatabaseNotRead(_logger, e.Message);
            _databaseProblem = e.Message;
            return false;
        }
    }

    private void ReadDatabase(long version)
    {
        // Should it change in between, the version that was read first says so at the next look.
        HashSet<InfoHash> allowed = _database!.GetInfoHashes(isAllowed: true);
        HashSet<InfoHash> denied = _database.GetInfoHashes(isAllowed: false);
        _passkeys = _database.GetDigests();
        (_databaseAllowed, _databaseDenied, _databaseVersion) = (allowed, denied, version);
    }
}
