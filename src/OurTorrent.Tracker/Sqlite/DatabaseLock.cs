using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Sqlite;

/// <summary>
/// Keeps a second tracker from a database. It is a lock on a file of its own, so that anybody can go on reading the database, and
/// the commands writing to it. The system lets go of it when the process ends, however it ends; the file stays, since taking it away
/// would let two have a lock of that name.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream _file;

    private DatabaseLock(FileStream file)
    {
        _file = file;
    }

    /// <summary>Takes the lock of a database.</summary>
    /// <param name="database">The database.</param>
    /// <exception cref="SwarmStoreException">Another tracker has it.</exception>
    public static DatabaseLock Take(string database)
    {
        string path = database + "-lock";
        try
        {
            return new DatabaseLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (DirectoryNotFoundException e)
        {
            throw new SwarmStoreException($"'{path}' cannot be made: its folder does not exist.", e);
        }
        catch (IOException e)
        {
            throw new SwarmStoreException(
                $"The database '{database}' is in use by another tracker, which holds '{path}'. Stop that one, or name another file.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SwarmStoreException($"'{path}' may not be written to. Allow this user to write to it and to its folder.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
