using Microsoft.Extensions.Logging;

namespace OurTorrent.Tracker.Access;

/// <summary>
/// A file that is read again when it has changed. It is read once it has stayed as it is from one look to the next, so that one that
/// is being written is let finish; while it cannot be read, or something in it is wrong, what was read last holds.
/// </summary>
internal sealed class WatchedList<T>
{
    private readonly string _path;
    private readonly Func<string, T> _read;
    private readonly ILogger _logger;
    private FileStamp _readStamp;
    private FileStamp _lastSeen;
    private string? _problem;

    /// <summary>Reads a file for the first time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="logger">Is told of changes and of problems.</param>
    /// <exception cref="AccessListException">It cannot be read.</exception>
    public WatchedList(string path, Func<string, T> read, ILogger logger)
    {
        _path = path;
        _read = read;
        _logger = logger;
        _readStamp = _lastSeen = FileStamp.Of(path);
        Current = read(path);
    }

    /// <summary>What was read last.</summary>
    public T Current { get; private set; }

    /// <summary>Looks at the file.</summary>
    /// <returns>Whether something else was read.</returns>
    public bool Refresh()
    {
        FileStamp stamp = FileStamp.Of(_path);
        bool isSettled = stamp == _lastSeen;
        _lastSeen = stamp;
        if (!isSettled || stamp == _readStamp)
            return false;

        try
        {
            T read = _read(_path);
            if (FileStamp.Of(_path) != stamp)
                return false;

            Current = read;
            _problem = null;
            Log.ListRead(_logger, _path);
            _readStamp = stamp;
            return true;
        }
        catch (AccessListException e)
        {
            // Read again only when it has changed, and said once.
            _readStamp = stamp;
            if (_problem != e.Message)
                Log.ListNotRead(_logger, _path, e.Message);
            _problem = e.Message;
            return false;
        }
    }
}
