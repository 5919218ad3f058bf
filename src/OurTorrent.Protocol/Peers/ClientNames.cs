using System.Collections.Frozen;

namespace OurTorrent.Protocol.Peers;

/// <summary>
/// Tells from a peer id which client chose it, for people to read (BEP 20). Nobody is bound to tell the truth, so nothing but
/// a display may depend on it; the extension handshake (BEP 10) says it better where there is one.
/// </summary>
public static class ClientNames
{
    /// <summary>What is said of a peer id that follows no known convention.</summary>
    public const string Unknown = "unknown";

    private static readonly FrozenDictionary<string, string> Azureus = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["7T"] = "aTorrent",
        ["A~"] = "Ares",
        ["A2"] = "aria2",
        ["AG"] = "Ares",
        ["AR"] = "Arctic",
        ["AV"] = "Avicora",
        ["AX"] = "BitPump",
        ["AZ"] = "Vuze",
        ["BB"] = "BitBuddy",
        ["BC"] = "BitComet",
        ["BE"] = "BitTorrent SDK",
        ["BF"] = "Bitflu",
        ["BG"] = "BTG",
        ["BI"] = "BiglyBT",
        ["BL"] = "BitLord",
        ["BP"] = "BitTorrent Pro",
        ["BR"] = "BitRocket",
        ["BS"] = "BTSlave",
        ["BT"] = "BitTorrent",
        ["BW"] = "BitWombat",
        ["BX"] = "Bittorrent X",
        ["CD"] = "Enhanced CTorrent",
        ["CT"] = "CTorrent",
        ["DE"] = "Deluge",
        ["DP"] = "Propagate Data Client",
        ["EB"] = "EBit",
        ["ES"] = "electric sheep",
        ["FC"] = "FileCroc",
        ["FD"] = "Free Download Manager",
        ["FG"] = "FlashGet",
        ["FL"] = "Flud",
        ["FT"] = "FoxTorrent",
        ["FW"] = "FrostWire",
        ["FX"] = "Freebox BitTorrent",
        ["GS"] = "GSTorrent",
        ["GT"] = "anacrolix/torrent",
        ["HL"] = "Halite",
        ["HN"] = "Hydranode",
        ["KG"] = "KGet",
        ["KT"] = "KTorrent",
        ["LC"] = "LeechCraft",
        ["LH"] = "LH-ABC",
        ["LP"] = "Lphant",
        ["LR"] = "LibreTorrent",
        ["LT"] = "libtorrent",
        ["LW"] = "LimeWire",
        ["MG"] = "MediaGet",
        ["MO"] = "MonoTorrent",
        ["MP"] = "MooPolice",
        ["MR"] = "Miro",
        ["MT"] = "MoonlightTorrent",
        ["NX"] = "Net Transport",
        ["OS"] = "OneSwarm",
        ["OT"] = "OurTorrent",
        ["PD"] = "Pando",
        ["PI"] = "PicoTorrent",
        ["QD"] = "QQDownload",
        ["QT"] = "Qt 4 Torrent example",
        ["RT"] = "Retriever",
        ["S~"] = "Shareaza",
        ["SB"] = "Swiftbit",
        ["SD"] = "Thunder",
        ["SS"] = "SwarmScope",
        ["ST"] = "SymTorrent",
        ["SZ"] = "Shareaza",
        ["TL"] = "Tribler",
        ["TN"] = "TorrentDotNET",
        ["TR"] = "Transmission",
        ["TS"] = "Torrentstorm",
        ["TT"] = "TuoTu",
        ["UL"] = "uLeecher!",
        ["UM"] = "µTorrent for Mac",
        ["UT"] = "µTorrent",
        ["UW"] = "µTorrent Web",
        ["VG"] = "Vagaa",
        ["WD"] = "WebTorrent Desktop",
        ["WT"] = "BitLet",
        ["WW"] = "WebTorrent",
        ["WY"] = "FireTorrent",
        ["XL"] = "Xunlei",
        ["XT"] = "XanTorrent",
        ["XX"] = "Xtorrent",
        ["ZT"] = "ZipTorrent",
        ["lt"] = "rTorrent (libTorrent)",
        ["qB"] = "qBittorrent",
        ["rQ"] = "rqbit",
        ["st"] = "sharktorrent",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The name of the client, with its version where the id tells it: <c>qBittorrent 5.0.2</c>.</summary>
    /// <param name="peerId">The peer id.</param>
    /// <returns>The name, of printable characters only whatever the peer sent; <see cref="Unknown"/> where there is no telling.</returns>
    public static string Of(PeerId peerId)
    {
        ReadOnlySpan<byte> id = peerId.Span;
        return OfOddOnes(id) ?? OfAzureusStyle(id) ?? OfDashedVersion(id) ?? OfShadowStyle(id) ?? Unknown;
    }

    /// <summary>The clients with a convention of their own.</summary>
    private static string? OfOddOnes(ReadOnlySpan<byte> id)
    {
        if (id.StartsWith("-TIX"u8) && AreDigits(id[4..8]))
            return $"Tixati {Number(id[4..6])}.{Number(id[6..8])}";
        if (id.StartsWith("-ML"u8) && id[3..].IndexOf((byte)'-') is > 0 and var end && IsDottedVersion(id.Slice(3, end)))
            return $"MLDonkey {Encoding.ASCII.GetString(id.Slice(3, end))}";
        if (id.StartsWith("-BOW"u8))
            return "Bits on Wheels";
        if (id.StartsWith("-G3"u8))
            return "G3 Torrent";
        if (id.StartsWith("AZ2500BT"u8))
            return "BitTyrant";
        if (id.StartsWith("346------"u8))
            return "TorrenTopia";
        if (id.StartsWith("XBT"u8) && AreDigits(id[3..6]))
            return $"XBT Client {(char)id[3]}.{(char)id[4]}.{(char)id[5]}";
        if (id.StartsWith("OP"u8) && AreDigits(id[2..6]))
            return $"Opera {Encoding.ASCII.GetString(id[2..6])}";
        if (id.StartsWith("exbc"u8) || id.StartsWith("FUTB"u8))
            return string.Create(CultureInfo.InvariantCulture, $"{(id[6..].StartsWith("LORD"u8) ? "BitLord" : "BitComet")} {id[4]}.{id[5]:D2}");
        if (id[0] == 0 && id[2..].StartsWith("BS"u8))
            return "BitSpirit";
        return null;
    }

    /// <summary><c>-XX1234-</c>: two letters, four signs of version.</summary>
    private static string? OfAzureusStyle(ReadOnlySpan<byte> id)
    {
        ReadOnlySpan<byte> version = id[3..7];
        if (id[0] != '-' || !IsCode(id[1]) || !IsCode(id[2]) || !AreVersionSigns(version))
            return null;

        string code = Encoding.ASCII.GetString(id[1..3]);
        if (Azureus.TryGetValue(code, out string? name))
            return $"{name} {AzureusVersion(code, version)}";

        return id[7] == '-' ? $"{code} {AzureusVersion(code, version)}" : null;
    }

    private static string AzureusVersion(string code, ReadOnlySpan<byte> version)
    {
        // These count differently: two digits before the point and two behind it; or, in old days, one and two.
        if (code is "BC" or "WW" or "WD" && AreDigits(version))
            return $"{Number(version[..2])}.{(code == "BC" ? Encoding.ASCII.GetString(version[2..]) : Number(version[2..]))}";
        if (code == "TR" && version[0] is >= (byte)'1' and < (byte)'4')
            return $"{(char)version[0]}.{(char)version[1]}{(char)version[2]}";

        string text = $"{Digit(version[0])}.{Digit(version[1])}.{Digit(version[2])}";
        return version[3] is >= (byte)'1' and <= (byte)'9' ? $"{text}.{(char)version[3]}" : text;
    }

    /// <summary><c>M7-2-3--</c> of Mainline, and those who took it up.</summary>
    private static string? OfDashedVersion(ReadOnlySpan<byte> id)
    {
        if (id.StartsWith("A2-"u8))
            return DashedVersion(id[3..]) is { } aria ? $"aria2 {aria}" : null;

        string? name = id[0] switch { (byte)'M' => "BitTorrent", (byte)'Q' => "Queen Bee", _ => null };
        return name is not null && DashedVersion(id[1..]) is { } version ? $"{name} {version}" : null;
    }

    private static string? DashedVersion(ReadOnlySpan<byte> text)
    {
        Span<int> parts = stackalloc int[3];
        for (int i = 0; i < parts.Length; i++)
        {
            int dash = text.IndexOf((byte)'-');
            if (dash is < 1 or > 3 || !AreDigits(text[..dash]))
                return null;

            parts[i] = Number(text[..dash]);
            text = text[(dash + 1)..];
        }

        return string.Create(CultureInfo.InvariantCulture, $"{parts[0]}.{parts[1]}.{parts[2]}");
    }

    /// <summary><c>S58B-----</c>: a letter, up to five signs of version, dashes.</summary>
    private static string? OfShadowStyle(ReadOnlySpan<byte> id)
    {
        string? name = id[0] switch
        {
            (byte)'A' => "ABC",
            (byte)'O' => "Osprey Permaseed",
            (byte)'Q' => "BTQueue",
            (byte)'R' => "Tribler",
            (byte)'S' => "Shadow's client",
            (byte)'T' => "BitTornado",
            (byte)'U' => "UPnP NAT Bit Torrent",
            _ => null,
        };

        ReadOnlySpan<byte> version = id[1..6].TrimEnd((byte)'-');
        if (name is null || version.IsEmpty || !id[6..].StartsWith("---"u8) || !AreVersionSigns(version))
            return null;

        var text = new StringBuilder(name).Append(' ').Append(CultureInfo.InvariantCulture, $"{Digit(version[0])}");
        foreach (byte sign in version[1..])
            text.Append(CultureInfo.InvariantCulture, $".{Digit(sign)}");
        return text.ToString();
    }

    private static bool IsCode(byte sign) => char.IsAsciiLetterOrDigit((char)sign) || sign == '~';

    private static bool AreDigits(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool AreVersionSigns(ReadOnlySpan<byte> text)
    {
        foreach (byte sign in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)sign))
                return false;
        }

        return true;
    }

    private static bool IsDottedVersion(ReadOnlySpan<byte> text)
    {
        foreach (byte sign in text)
        {
            if (!char.IsAsciiDigit((char)sign) && sign != '.')
                return false;
        }

        return true;
    }

    /// <summary>What a sign of a version counts: digits, then capital letters, then small ones.</summary>
    private static int Digit(byte sign) => sign switch
    {
        <= (byte)'9' => sign - '0',
        <= (byte)'Z' => sign - 'A' + 10,
        _ => sign - 'a' + 36,
    };

    private static int Number(ReadOnlySpan<byte> digits)
    {
        int number = 0;
        foreach (byte digit in digits)
            number = (number * 10) + (digit - '0');
        return number;
    }
}
