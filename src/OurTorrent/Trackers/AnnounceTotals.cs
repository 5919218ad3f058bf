namespace OurTorrent.Trackers;

/// <summary>What a torrent tells its trackers, as of the moment it is sent.</summary>
/// <param name="Port">The port peers can connect to.</param>
/// <param name="Uploaded">Bytes of content sent in this run.</param>
/// <param name="Downloaded">Bytes of content received in this run.</param>
/// <param name="Left">Bytes of content still missing; zero for a seeder.</param>
/// <param name="NumWant">How many peers are wanted; zero when there are enough, -1 to leave it to the tracker.</param>
/// <param name="IsPartialSeed">Whether the torrent is incomplete and wants nothing more (BEP 21).</param>
internal readonly record struct AnnounceTotals(
    int Port, long Uploaded, long Downloaded, long Left, int NumWant = -1, bool IsPartialSeed = false);
