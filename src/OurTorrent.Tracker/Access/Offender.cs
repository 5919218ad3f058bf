namespace OurTorrent.Tracker.Access;

/// <summary>A source that has exceeded a limit.</summary>
internal sealed class Offender
{
    private int _stage;
    private uint _until;

    /// <summary>Requests refused since it is known.</summary>
    public long Refused;

    /// <summary>Requests dropped since it is ignored.</summary>
    public long Dropped;

    /// <summary>How it is treated.</summary>
    public OffenderStage Stage => (OffenderStage)Volatile.Read(ref _stage);

    /// <summary>Until when, in seconds since 1970.</summary>
    public uint Until => Volatile.Read(ref _until);

    /// <summary>Treats it otherwise from now on.</summary>
    public void Become(OffenderStage stage, uint until)
    {
        Volatile.Write(ref _until, until);
        Volatile.Write(ref _stage, (int)stage);
    }
}
