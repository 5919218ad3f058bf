using System.Net;
using System.Runtime.CompilerServices;

namespace OurTorrent.Network.Epoll;

/// <summary>
/// Remembers the end points of recent datagrams, so that a stream of them from the same peers makes no garbage. Each
/// address has one place it can be in; a newcomer takes it.
/// </summary>
internal sealed class EndPointCache
{
    private const int Places = 256;

    private readonly Keys[] _keys = new Keys[Places];
    private readonly IPEndPoint?[] _endPoints = new IPEndPoint?[Places];

    /// <summary>The end point of a socket address, or null when it is of another family than IPv4 and IPv6.</summary>
    /// <param name="address">The bytes, as long as the system said.</param>
    public IPEndPoint? Get(ReadOnlySpan<byte> address)
    {
        if (address.Length > LinuxSocketAddress.MaxLength)
            return null;

        var hash = default(HashCode);
        hash.AddBytes(address);
        int place = hash.ToHashCode() & (Places - 1);
        Span<byte> key = _keys[place];
        if (_endPoints[place] is { } known && key[..address.Length].SequenceEqual(address))
            return known;

        IPEndPoint? read = LinuxSocketAddress.Read(address);
        address.CopyTo(key);
        _endPoints[place] = read;
        return read;
    }

    [InlineArray(LinuxSocketAddress.MaxLength)]
    private struct Keys
    {
        private byte _first;
    }
}
