using OurTorrent.Cli;
using OurTorrent.Cli.Terminal;

if (OperatingSystem.IsWindows())
    Console.OutputEncoding = System.Text.Encoding.UTF8;

CommandEnvironment environment = CommandEnvironment.OfProcess();
using var signals = new StopSignals(environment);
return await OurTorrentCommand.RunAsync(args, environment with { IsTerminated = () => signals.IsTermination }, signals.Token);
