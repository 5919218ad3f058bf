using OurTorrent.Protocol.Metainfo;
using OurTorrent.Streaming;

namespace OurTorrent.Swarms;

/// <summary>Reading the content while it arrives.</summary>
internal sealed partial class Swarm
{
    private readonly PieceReaders _readers = new();

    /// <summary>Whether somebody reads the content while it arrives.</summary>
    public bool IsHurried => !_readers.IsEmpty;

    /// <summary>Waits for a piece on behalf of a reader, and has it and those after it fetched first.</summary>
    /// <returns>Ends when the piece is there.</returns>
    public Task WaitForPiece(object reader, int piece, int end)
    {
        if (State is TorrentState.Stopped or TorrentState.Failed)
            return Task.FromException(new IOException($"{Metainfo.Name} is not running.", _error));

        Task arrived = _readers.WaitFor(reader, piece, end, _engine.Loop.Now);
        _engine.Wake(this);
        SettleReaders();
        return arrived;
    }

    /// <summary>A reader is closed.</summary>
    public void LeaveReader(object reader)
    {
        _readers.Leave(reader);
        HurryReaders();
    }

    /// <summary>Reads a part of a file whose pieces are there.</summary>
    public Task<int> ReadFile(TorrentFile file, long offset, Memory<byte> destination)
    {
        if (_store is null || State is TorrentState.Stopped or TorrentState.Failed)
            return Task.FromException<int>(new IOException($"{Metainfo.Name} is not running.", _error));

        var done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.ReadFile(file.Index, offset, destination, (read, failure) =>
        {
            if (failure is not null)
                done.SetException(failure);
            else
                done.SetResult(read);
        });
        return done.Task;
    }

    /// <summary>Once the content has been looked at: tells readers what is there and what will never come, and has the rest hurried.</summary>
    private void SettleReaders()
    {
        if (!AcceptsPeers)
            return;

        _readers.Settle(
            piece => Have[piece],
            piece => _options.SeedOnly || Picker.PriorityOf(piece) == FilePriority.Skip
                ? new IOException($"Piece {piece} of {Metainfo.Name} is not there and not wanted.")
                : null);
        HurryReaders();
    }

    private void HurryReaders()
    {
        if (!AcceptsPeers)
            return;

        IReadOnlyList<int> pieces = _readers.Hurried(piece => !Have[piece], _engine.Loop.Now, out int late);
        Picker.SetHurry(pieces, late);
        if (pieces.Count > 0)
            RefillAll();
    }
}
