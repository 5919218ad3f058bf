using System.Buffers;
using System.Net.Sockets;
using OurTorrent.Bencoding;
using OurTorrent.Protocol.Peers;

namespace OurTorrent.Fuzz.Peers;

/// <summary>The payload of the extension handshake (BEP 10).</summary>
internal static class ExtensionHandshakeTarget
{
    public static void Check(byte[] input)
    {
        Promise.Allocates(16 * 1024 + (100L * input.Length), () => ExtensionHandshake.TryParse(input, out _));
        if (!ExtensionHandshake.TryParse(input, out ExtensionHandshake? handshake))
            return;

        Promise.That(handshake.Messages.Count <= ExtensionHandshake.MaxMessages, "only so many messages are taken notice of");
        Promise.That(handshake.Client is null || (handshake.Client.Length is > 0 and <= 64 && !handshake.Client.Any(char.IsControl)), "a client's name is printable and bounded");
        Promise.That(handshake is { RequestQueue: not <= 0, MetadataSize: not <= 0, ListenPort: not 0 }, "numbers are in their range");
        Promise.That(handshake.CompleteAgo is null || handshake.CompleteAgo >= TimeSpan.Zero, "the past is in the past");
        Promise.That(handshake.IPv4 is null or { AddressFamily: AddressFamily.InterNetwork }, "an IPv4 address is one");
        Promise.That(handshake.IPv6 is null or { AddressFamily: AddressFamily.InterNetworkV6 }, "an IPv6 address is one");

        byte[] written = Write(handshake);
        Promise.That(BencodeValue.TryParse(written, out _), "a handshake is written as strict bencode");
        Promise.That(ExtensionHandshake.TryParse(written, out ExtensionHandshake? again), "a handshake that is written can be read");
        Promise.Same(handshake with { Messages = again.Messages }, again, "a handshake that is written reads back as the same");
        Promise.That(written.AsSpan().SequenceEqual(Write(again)), "a handshake is always written alike");
    }

    private static byte[] Write(ExtensionHandshake handshake)
    {
        var output = new ArrayBufferWriter<byte>();
        handshake.Write(output);
        return output.WrittenSpan.ToArray();
    }
}
