using OurTorrent.Protocol.Peers;

namespace OurTorrent.Pieces;

/// <summary>
/// What the <see cref="PiecePicker"/> knows of one connected peer. Make one for each connection, keep its
/// <see cref="Rate"/> current, and tell the picker everything else.
/// </summary>
internal sealed class PickerPeer(object? tag = null)
{
    /// <summary>A peer may name this many pieces as allowed fast or suggested (BEP 6); more are ignored.</summary>
    private const int MaxNamed = 32;

    /// <summary>What the owner of the picker wants to find again from here: the connection.</summary>
    public object? Tag { get; } = tag;

    /// <summary>How fast blocks come from this peer, in bytes per second; zero while that is not known.</summary>
    public long Rate { get; set; }

    /// <summary>Whether a block that was asked of this peer has come: until then its rate is a guess.</summary>
    public bool HasSent { get; internal set; }

    /// <summary>Whether the peer has every piece.</summary>
    public bool IsSeed { get; internal set; }

    /// <summary>The pieces the peer has; null when it has all (see <see cref="IsSeed"/>) or none.</summary>
    public Bitfield? Have { get; internal set; }

    /// <summary>How many pieces the peer has that we want and do not have.</summary>
    public int WantedCount { get; internal set; }

    /// <summary>Whether the peer keeps us waiting: its blocks may be asked of others (see <see cref="PiecePicker.SetSnubbed"/>).</summary>
    public bool IsSnubbed { get; internal set; }

    /// <summary>The blocks asked of this peer and neither answered nor given up, oldest first.</summary>
    public RequestQueue Outstanding { get; } = new();

    /// <summary>The pieces the peer sends even while it chokes us (BEP 6).</summary>
    public IReadOnlyList<int> AllowedFast => AllowedFastList;

    internal List<int> AllowedFastList { get; } = [];

    internal List<int> SuggestedList { get; } = [];

    /// <summary>The piece blocks were last asked of, or -1: asking goes on there.</summary>
    internal int CurrentPiece { get; set; } = -1;

    /// <summary>Whether the picker counts this peer among the connected.</summary>
    internal bool IsJoined { get; set; }

    /// <summary>Whether the peer has a piece.</summary>
    public bool Has(int piece) => IsSeed || (Have is { } have && have[piece]);

    /// <summary>Notes a piece the peer sends even while it chokes us (BEP 6).</summary>
    public void AddAllowedFast(int piece) => AddNamed(AllowedFastList, piece);

    /// <summary>The peer refuses, while it chokes us, a piece it had allowed.</summary>
    /// <returns>Whether it had.</returns>
    public bool RemoveAllowedFast(int piece) => AllowedFastList.Remove(piece);

    /// <summary>Notes a piece the peer would like to send (BEP 6): a mild preference.</summary>
    public void AddSuggested(int piece) => AddNamed(SuggestedList, piece);

    private static void AddNamed(List<int> list, int piece)
    {
        if (list.Count < MaxNamed && !list.Contains(piece))
            list.Add(piece);
    }
}
