using OurTorrent.Fuzz.Running;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace OurTorrent.Fuzz;

/// <summary>Fuzzes the target it is named; named none, it is a test program like the others and runs the corpora.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is [var name, ..] && FuzzTarget.Find(name) is { } target)
            return FuzzCommand.Run(target, args[1..]);
        if (args.Any(arg => arg is "--server" or "--internal-msbuild-node"))
            return await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        return await ConsoleRunner.Run(args);
    }
}
