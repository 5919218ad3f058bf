using OurTorrent.Interop.Clients;

namespace OurTorrent.Interop.Transfers;

/// <summary>What goes with aria2.</summary>
public sealed class Aria2Transfers() : ClientTransfers(ClientKind.Aria2)
{};
