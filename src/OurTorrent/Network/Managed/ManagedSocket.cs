namespace OurTorrent.Network.Managed;

/// <summary>What the sockets of a <see cref="ManagedNetwork"/> have in common.</summary>
internal abstract class ManagedSocket(ManagedNetwork network) : IDisposable
{
    /// <summary>Whose socket it is.</summary>
    public ManagedNetwork Network { get; } = network;

    /// <summary>Whether it has been closed: its handler is told nothing any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>An operation has ended; called on the loop's thread.</summary>
    public abstract void OnCompleted(ManagedOperation operation);

    /// <summary>Goes on after <see cref="ManagedNetwork.ResumeLater"/>.</summary>
    public virtual void Resume()
    {
    }

    /// <summary>Closes the socket. Closing twice does nothing.</summary>
    public void Close()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        Network.Remove(this);
        Release();
    }

    /// <summary>The same as <see cref="Close"/>.</summary>
    void IDisposable.Dispose() => Close();

    /// <summary>Gives the system's socket back.</summary>
    protected abstract void Release();

    /// <summary>Notes how an operation was begun.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="isUnderWay">What the socket answered: false when it is over already and will not call back.</param>
    protected void Begun(ManagedOperation operation, bool isUnderWay)
    {
        operation.IsPending = true;
        if (!isUnderWay)
            Network.Complete(operation);
    }
}
