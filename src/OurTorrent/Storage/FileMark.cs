namespace OurTorrent.Storage;

/// <summary>
/// What Linux tells of a file beyond its length and the time it was last written to; nothing of it where the system does not tell.
/// </summary>
/// <param name="Changed">
/// When its content or its attributes last changed (<c>ctime</c>), in ticks of 100 ns (UTC): unlike the other time nobody can set it
/// back. 0 where it is not known.
/// </param>
/// <param name="Attributes">A digest of what else moves that time: owner, mode, and the number of hard links.</param>
/// <param name="Mount">
/// The mount it is reached by; from Linux 6.8 on a number that is never used twice before the machine restarts. 0 where it is not known.
/// </param>
internal readonly record struct FileMark(long Changed, ulong Attributes, ulong Mount)
{
    /// <summary>Whether nothing was written between two looks, as far as this tells; another link to a file or another owner is no writing.</summary>
    public bool MayBe(FileMark other) =>
        Changed == 0 || other.Changed == 0 || Changed == other.Changed || Attributes != other.Attributes;
}
