namespace OurTorrent.Storage;

/// <summary>One who keeps blocks of a <see cref="BlockPool"/> in memory and can write them out when it runs short.</summary>
internal interface IBlockHolder
{
    /// <summary>How many blocks the next <see cref="WriteOut"/> would hand to the disk.</summary>
    int Writable { get; }

    /// <summary>Hands the blocks whose waiting costs the most memory to the disk.</summary>
    void WriteOut();

    /// <summary>An exhausted pool has room again. Called while blocks are being released: take none within.</summary>
    void OnRoom();
}
