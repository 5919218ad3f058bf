using OurTorrent.Peers;
using OurTorrent.Protocol.Metainfo;
using OurTorrent.Storage;

namespace OurTorrent.Swarms;

/// <summary>What is wanted of the content, how much of that is there, and when it is all of it.</summary>
internal sealed partial class Swarm
{
    private readonly FilePriority[] _priorities;
    private long _bytesWanted;
    private long _bytesCompleted;
    private long _bytesFound;
    private long _bytesHashed;
    private long _bytesTotal;
    private long _bytesHad;
    private bool _areFilesPrepared;
    private bool _areFilesConfirmed;
    private bool _isConfirming;

    /// <summary>Says how much a file is wanted from now on.</summary>
    public void SetPriority(int file, FilePriority priority)
    {
        if (_priorities[file] == priority)
            return;

        _priorities[file] = priority;
        ApplyPriorities();
        _engine.Wake(this);
        if (!AcceptsPeers || _options.SeedOnly)
            return;

        if (!Picker.IsComplete)
            _peerList.Forgive();
        PrepareFiles();
        UpdateCompletion();
        SettleReaders();
        foreach (PeerConnection peer in _peers)
            UpdateInterest(peer);
        ConnectPeers();
    }

    private void OnFilesPrepared(StorageException? failure)
    {
        if (!AcceptsPeers)
            return;

        if (failure is not null)
        {
            Fail(failure, TorrentErrorKind.CannotWrite);
            return;
        }

        _areFilesPrepared = true;
        if (Picker.IsComplete)
            UpdateCompletion();
    }

    /// <summary>Makes what no block will be written into: empty files and links of what is wanted.</summary>
    private void PrepareFiles()
    {
        int[] files = [.. Metainfo.Files
            .Where(file => !file.IsPadding && file.Length == 0 && _priorities[file.Index] != FilePriority.Skip)
            .Select(file => file.Index)];
        if (files.Length == 0)
            OnFilesPrepared(null);
        else
            _store!.Prepare(files, OnFilesPrepared);
    }

    private void ApplyPriorities()
    {
        _bytesWanted = 0;
        _bytesTotal = 0;
        foreach (TorrentFile file in Metainfo.Files)
        {
            if (file.IsPadding)
                continue;

            _bytesTotal += file.Length;
            if (_priorities[file.Index] != FilePriority.Skip)
                _bytesWanted += file.Length;
        }

        for (int piece = 0; piece < PieceCount; piece++)
            Picker.SetPriority(piece, PriorityOf(piece));
        CountCompleted();
    }

    /// <summary>A piece is wanted as much as the most wanted file that has bytes in it.</summary>
    private FilePriority PriorityOf(int piece)
    {
        var most = FilePriority.Skip;
        foreach (StorageSpan span in _map.SpansOf(piece, 0, Geometry.LengthOf(piece)))
        {
            if (!span.IsGap && _priorities[span.File] > most)
                most = _priorities[span.File];
        }

        return most;
    }

    /// <summary>All that is wanted has come, or more is wanted since.</summary>
    private void UpdateCompletion()
    {
        if (_options.SeedOnly || !AcceptsPeers)
            return;

        if (!Picker.IsComplete)
        {
            _areFilesConfirmed = false;
            SetState(TorrentState.Downloading);
            return;
        }

        // Empty files and links are wanted as well.
        if (!_areFilesPrepared)
            return;

        bool first = State != TorrentState.Seeding;
        if (first)
        {
            if (!_areFilesConfirmed)
            {
                ConfirmFiles();
                return;
            }

            SetState(TorrentState.Seeding);
            if (Have.IsFull)
                _announcer.Completed();
        }

        _completion.TrySetResult();
        if (_options.StopWhenComplete)
        {
            _ = ShutDown(TorrentState.Stopped);
        }
        else if (first)
        {
            _resume!.Save();
            LeaveSeeds();
        }
    }

    /// <summary>
    /// Looks whether the files are where they were written to. On Unix a file that is removed can still be written to and read from
    /// by whoever has it open, and what is so downloaded is nowhere.
    /// </summary>
    private void ConfirmFiles()
    {
        if (_isConfirming)
            return;

        _isConfirming = true;
        _store!.GetStamps((stamps, failure) =>
        {
            _isConfirming = false;
            if (!AcceptsPeers)
                return;

            if (stamps is null)
            {
                Fail(failure!, TorrentErrorKind.CannotRead);
            }
            else if (FindLost(stamps) is { } lost)
            {
                OnFileLost(lost);
            }
            else
            {
                _areFilesConfirmed = true;
                UpdateCompletion();
            }
        });
    }

    private void OnFileLost(TorrentFile file)
    {
        string path = Path.Join([Path.GetFullPath(_options.Directory), .. file.Path]);
        Fail(
            new StorageException(StorageFailure.NotFound, path, $"\"{path}\" was removed or cut while it was downloaded. Start again to fetch it again."),
            TorrentErrorKind.CannotWrite);
    }

    private TorrentFile? FindLost(FileStamp?[] stamps) => Metainfo.Files.FirstOrDefault(file =>
        !file.IsPadding && file.Length > 0 && _priorities[file.Index] != FilePriority.Skip && !(stamps[file.Index]?.Length >= file.Length));

    private void CountCompleted()
    {
        _bytesCompleted = 0;
        _bytesHad = 0;
        for (int piece = 0; piece < PieceCount; piece++)
        {
            if (Have[piece])
                CountPiece(piece);
        }
    }

    /// <summary>Adds what a verified piece holds of real files to the counts: padding counts for nothing, unwanted files not as wanted.</summary>
    private void CountPiece(int piece)
    {
        foreach (StorageSpan span in _map.SpansOf(piece, 0, Geometry.LengthOf(piece)))
        {
            if (span.IsGap)
                continue;

            _bytesHad += span.Length;
            if (_priorities[span.File] != FilePriority.Skip)
                _bytesCompleted += span.Length;
        }
    }
}
