namespace OurTorrent.Storage;

/// <summary>What is wrong with a file on disk.</summary>
public enum FileProblem
{
    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>It is there and cannot be read.</summary>
    Unreadable,

    /// <summary>It ends too early.</summary>
    TooShort,

    /// <summary>It has its length, and bytes that do not match.</summary>
    Corrupt,

    /// <summary>Its content matches, and more follows.</summary>
    TooLong,
}
