namespace OurTorrent.Simulation;

/// <summary>A simulation did not go as it should; the message names the seed that shows it again.</summary>
internal sealed class SimulationFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
