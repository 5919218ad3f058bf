namespace OurTorrent.Resume;

/// <summary>What came of reading a resume file.</summary>
internal enum ResumeStatus
{
    /// <summary>It was read.</summary>
    Ok,

    /// <summary>There is none.</summary>
    Missing,

    /// <summary>It is cut short, damaged, or not a resume file.</summary>
    Corrupt,

    /// <summary>A later version of this program wrote it.</summary>
    NewerVersion,

    /// <summary>It is about another torrent or another directory.</summary>
    OtherTorrent,

    /// <summary>The file system did not let us read it.</summary>
    Unreadable,
}
