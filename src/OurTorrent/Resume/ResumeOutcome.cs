using System.Net;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Resume;

/// <summary>What a torrent can believe at its start.</summary>
internal sealed record ResumeOutcome
{
    /// <summary>Pieces that are there.</summary>
    public required Bitfield Trusted { get; init; }

    /// <summary>Pieces that are to be hashed; what is in neither set is to be fetched.</summary>
    public required Bitfield Recheck { get; init; }

    /// <summary>Whether all is there and just as it was saved after a clean end, so that there is nothing to save anew.</summary>
    public bool IsAsSaved { get; init; }

    /// <summary>Peers to try first.</summary>
    public IReadOnlyList<IPEndPoint> Peers { get; init; } = [];

    /// <summary>What earlier runs have sent and received.</summary>
    public ResumeTotals Before { get; init; }

    /// <summary>How many bytes the disk has left, where that is known and something may be missing.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Why what was saved is not used, for the user; or null.</summary>
    public string? Warning { get; init; }

    /// <summary>Why the content cannot even be looked at, or null.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Nothing is believed.</summary>
    public static ResumeOutcome CheckAll(int pieceCount, Exception? failure = null)
    {
        var all = new Bitfield(pieceCount);
        all.Fill();
        return new ResumeOutcome { Trusted = new Bitfield(pieceCount), Recheck = all, Failure = failure };
    }
}
