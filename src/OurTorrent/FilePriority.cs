namespace OurTorrent;

/// <summary>How much a file, or a piece of it, is wanted. A higher one is fetched first.</summary>
public enum FilePriority
{
    /// <summary>Not fetched at all.</summary>
    Skip,

    /// <summary>Fetched when nothing of a higher priority can be had.</summary>
    Low,

    /// <summary>The priority of every file unless another is set.</summary>
    Normal,

    /// <summary>Fetched before everything else.</summary>
    High,
}
