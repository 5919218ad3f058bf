using OurTorrent.Cli.Terminal;

namespace OurTorrent.Cli.Transfer;

/// <summary><c>ourtorrent seed</c>: uploads what is there until stopped.</summary>
internal sealed class SeedCommand(CommandEnvironment environment, CommonOptions common) : TransferCommand(
    environment, common, TransferKind.Seed, "seed", "Upload until stopped with Ctrl-C, or until --seed-ratio or --seed-time is reached.",
    "Torrent files, folders of them, http or https URLs of torrent files, or - for standard input.",
    "ourtorrent seed album.torrent -d Music",
    "ourtorrent seed ~/torrents -d Music --upload-limit 1M --seed-time 120");
