using System.Text;

namespace OurTorrent.Simulation;

/// <summary>What happened when, line by line: two runs with the same seed write the same.</summary>
internal sealed class SimulationTrace(VirtualTime time)
{
    private readonly StringBuilder _lines = new();

    /// <summary>Whether anything is kept; long runs do without.</summary>
    public bool IsOn { get; set; }

    /// <summary>Notes a happening.</summary>
    public void Add(string kind, object subject, object? other = null, long number = 0)
    {
        if (IsOn)
            _lines.Append(time.Now.Ticks).Append(' ').Append(kind).Append(' ').Append(subject).Append(' ').Append(other).Append(' ').Append(number).Append('\n');
    }

    /// <summary>All lines.</summary>
    public override string ToString() => _lines.ToString();
}
