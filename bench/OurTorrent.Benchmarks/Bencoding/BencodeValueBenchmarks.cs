using BenchmarkDotNet.Attributes;
using OurTorrent.Bencoding;

namespace OurTorrent.Benchmarks.Bencoding;

/// <summary>
/// Reads a torrent file into the document model, and writes it again. Gate: what is allocated stays near the size of the
/// file and its number of values. Shows what the comfort of the model costs beside the reader.
/// </summary>
[MemoryDiagnoser]
public class BencodeValueBenchmarks
{
    private byte[] _file = [];
    private BencodeValue? _value;

    /// <summary>The torrent file.</summary>
    [Params(SampleTorrent.Ubuntu, SampleTorrent.Sintel, SampleTorrent.Hybrid)]
    public string Torrent { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _file = SampleTorrent.Read(Torrent);
        _value = Parse();
    }

    [Benchmark]
    public BencodeValue Parse() => BencodeValue.Parse(_file, BencodeReaderOptions.Lenient);

    [Benchmark]
    public byte[] Write() => _value!.ToBytes();
}
