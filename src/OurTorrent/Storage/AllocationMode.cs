namespace OurTorrent.Storage;

/// <summary>How room for a file is made on the disk.</summary>
public enum AllocationMode
{
    /// <summary>The file has its full length at once, but takes room only as it is written.</summary>
    Sparse,

    /// <summary>All of its room is reserved before the first byte is written, so that the disk cannot run full half way.</summary>
    Full,
}
