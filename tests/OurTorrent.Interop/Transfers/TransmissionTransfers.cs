using OurTorrent.Interop.Clients;

namespace OurTorrent.Interop.Transfers;

public sealed class TransmissionTransfers : ClientTransfers
{
    private protected override async Task<OtherClient> StartClientAsync() => await Transmission.StartAsync(Folder("transmission"), Cancelled);
}
