namespace OurTorrent.Loop;

/// <summary>Something to be done on an engine loop.</summary>
internal interface ILoopWork
{
    /// <summary>Does it; called once on the loop's thread.</summary>
    void Run();
}
