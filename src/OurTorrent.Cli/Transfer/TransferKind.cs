namespace OurTorrent.Cli.Transfer;

/// <summary>What is done with torrents.</summary>
internal enum TransferKind
{
    /// <summary>Download, and go on seeding only if asked to.</summary>
    Get,

    /// <summary>Upload what is there until stopped.</summary>
    Seed,
}
