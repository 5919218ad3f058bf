namespace OurTorrent.Protocol.Peers;

/// <summary>How a peer broke the protocol.</summary>
/// <param name="Reason">In which way.</param>
/// <param name="Type">The kind of message; possibly a number that no BEP gives a name.</param>
/// <param name="Value">What was received: the length of the frame in bytes, or the piece or offset.</param>
/// <param name="Limit">The bound it broke, in the same unit.</param>
public readonly record struct PeerWireError(PeerWireErrorReason Reason, PeerMessageType Type, long Value, long Limit)
{
    /// <summary>One English sentence with the value and the limit.</summary>
    public override string ToString() => Reason switch
    {
        PeerWireErrorReason.None => "No error.",
        PeerWireErrorReason.FrameTooLong =>
            string.Create(CultureInfo.InvariantCulture, $"Frame length {Value} exceeds the limit of {Limit} bytes for message {Name}."),
        PeerWireErrorReason.FrameTooShort =>
            string.Create(CultureInfo.InvariantCulture, $"Frame length {Value} is below the {Limit} bytes of message {Name}."),
        _ => string.Create(CultureInfo.InvariantCulture, $"Piece or offset {Value} of a block exceeds the limit of {Limit}."),
    };

    private string Name => Enum.IsDefined(Type) ? Type.ToString() : ((int)Type).ToString(CultureInfo.InvariantCulture);
}
