using System.Text;
using System.Threading.Channels;

namespace OurTorrent.Cli.Tests;

/// <summary>Keeps what a command prints, and hands it over line by line while the command runs.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _line = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public override Encoding Encoding => Encoding.UTF8;

    public string Text
    {
        get
        {
            lock (_gate)
                return _text.ToString();
        }
    }

    public override void Write(char value)
    {
        lock (_gate)
        {
            _text.Append(value);
            if (value != '\n')
            {
                _line.Append(value);
                return;
            }

            _lines.Writer.TryWrite(_line.ToString().TrimEnd('\r'));
            _line.Clear();
        }
    }

    public void Complete() => _lines.Writer.TryComplete();

    /// <summary>The next line that contains a text; fails when the command ends without one.</summary>
    public async Task<string> WaitForAsync(string part, CancellationToken cancellationToken)
    {
        await foreach (string line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            if (line.Contains(part, StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException($"No line contains '{part}'. Printed was:\n{Text}");
    }
}
