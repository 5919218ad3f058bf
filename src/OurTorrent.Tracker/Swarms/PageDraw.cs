namespace OurTorrent.Tracker.Swarms;

/// <summary>Which pages of a table peers are taken from: every so many-th from one on. Drawn before they are needed, so that they can be fetched meanwhile.</summary>
/// <param name="count">How many pages there were.</param>
/// <param name="first">The first page.</param>
/// <param name="step">How far it is to the next, with no factor in common with the count.</param>
internal readonly struct PageDraw(uint count, uint first, uint step)
{
    public readonly uint Count = count;
    public readonly uint First = first;
    public readonly uint Step = step;

    public uint Next(uint number)
    {
        number += Step;
        return number >= Count ? number - Count : number;
    }
}
