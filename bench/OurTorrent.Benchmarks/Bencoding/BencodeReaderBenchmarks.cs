using BenchmarkDotNet.Attributes;
using OurTorrent.Bencoding;

namespace OurTorrent.Benchmarks.Bencoding;

/// <summary>
/// Reads every token of a torrent file. Gate: 0 bytes allocated. Shows what a token costs: the Ubuntu torrent has few and one
/// very long string, Sintel many short ones, the hybrid deep nesting.
/// </summary>
[MemoryDiagnoser]
public class BencodeReaderBenchmarks
{
    private byte[] _file = [];

    /// <summary>The torrent file.</summary>
    [Params(SampleTorrent.Ubuntu, SampleTorrent.Sintel, SampleTorrent.Hybrid)]
    public string Torrent { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _file = SampleTorrent.Read(Torrent);

    [Benchmark]
    public int ReadTokens()
    {
        var reader = new BencodeReader(_file, BencodeReaderOptions.Lenient);
        int tokens = 0;
        while (reader.Read())
            tokens++;
        return tokens;
    }

    [Benchmark]
    public int SkipAll()
    {
        var reader = new BencodeReader(_file, BencodeReaderOptions.Lenient);
        reader.Skip();
        return reader.BytesConsumed;
    }
}
