using OurTorrent.Interop.Clients;

namespace OurTorrent.Interop.Transfers;

public sealed class Aria2Transfers : ClientTransfers
{
    private protected override async Task<OtherClient> StartClientAsync() => await Aria2.StartAsync(Folder("aria2"), Cancelled);
}
