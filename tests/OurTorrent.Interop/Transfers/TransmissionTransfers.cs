using OurTorrent.Interop.Clients;

namespace OurTorrent.Interop.Transfers;

/// <summary>What goes with transmission.</summary>
public sealed class TransmissionTransfers() : ClientTransfers(ClientKind.Transmission)
{};
