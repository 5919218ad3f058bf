namespace OurTorrent.Cli.Terminal;

/// <summary>What the command tells the shell. The numbers are part of the command's interface.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>Failed for a reason none of the others names.</summary>
    Failed = 1,

    /// <summary>The command line cannot be understood.</summary>
    WrongUsage = 2,

    /// <summary>Something that is needed cannot be read.</summary>
    CannotRead = 4,

    /// <summary>Something cannot be written, or the disk is full.</summary>
    CannotWrite = 5,

    /// <summary>The content is not what the torrent says.</summary>
    DoesNotVerify = 6,

    /// <summary>Stopped before the content was complete: the time was over, or nobody had it.</summary>
    Unfinished = 7,

    /// <summary>Not a valid torrent file or magnet link.</summary>
    NotATorrent = 8,

    /// <summary>Interrupted by the user.</summary>
    Interrupted = 130,
}
