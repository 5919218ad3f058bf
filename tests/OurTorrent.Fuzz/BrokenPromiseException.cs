namespace OurTorrent.Fuzz;

/// <summary>An input for which something is not as promised.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
