using System.Security.Cryptography;
using OurTorrent.Crash.Programs;

namespace OurTorrent.Crash.States;

/// <summary>What the program keeps from run to run, when it is damaged, from elsewhere or cannot be kept: said, and nothing lost.</summary>
public sealed class StateFileTests : CrashTest
{
    private string ResumeFile => Assert.Single(Directory.GetFiles(State, "*.resume", SearchOption.AllDirectories));

    [Theory]
    [InlineData("cut", "it is damaged")]
    [InlineData("empty", "it is damaged")]
    [InlineData("garbage", "it is damaged")]
    [InlineData("newer", "a later version of this program has written it")]
    [InlineData("of another torrent", "it is about another torrent or folder")]
    [InlineData("a folder", "is not used")]
    public async Task A_resume_file_that_cannot_be_believed_is_named_and_the_content_is_hashed(string how, string reason)
    {
        await GetAllAsync();
        long sent = Seed.BytesSent;
        string path = ResumeFile;
        Spoil(path, how);

        (int exitCode, _, string errors) = await GetAsync();

        Assert.True(exitCode == 0, errors);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.Contains(path, errors, StringComparison.Ordinal);
        Assert.Equal(sent, Seed.BytesSent);
        Content.AssertIn(Download);
        if (how == "a folder")
            return;

        (exitCode, _, errors) = await GetAsync();
        Assert.Equal((0, ""), (exitCode, errors));
    }

    [Fact]
    public async Task A_journal_and_a_ledger_full_of_garbage_have_nothing_false_believed()
    {
        await GetAllAsync();
        string path = ResumeFile;
        File.WriteAllBytes(Path.ChangeExtension(path, ".journal"), RandomNumberGenerator.GetBytes(4000));
        File.WriteAllBytes(Path.ChangeExtension(path, ".ledger"), RandomNumberGenerator.GetBytes(4000));
        File.WriteAllBytes(Contents.SharedContent.PathIn(Download, 1), new byte[(16 * PieceLength) - 1000]);

        await GetAllAsync();
    }

    [Fact]
    public async Task A_state_folder_that_cannot_be_made_is_named_and_the_download_completes()
    {
        File.WriteAllText(PathOf("a-file"), "");

        (int exitCode, _, string errors) = await GetAsync(PathOf("a-file"));

        Assert.True(exitCode == 0, errors);
        Assert.Contains(PathOf("a-file"), errors, StringComparison.Ordinal);
        Assert.Contains("cannot be kept", errors, StringComparison.Ordinal);
        Content.AssertIn(Download);
    }

    [Fact]
    public async Task The_folder_of_the_state_may_go_while_the_program_runs()
    {
        await using RunningCommand command = RunningCommand.Get(State, Content.Torrent, Download);
        await command.ReadAsync("checked");
        await Patience.UntilAsync(() => Directory.Exists(State) && Directory.GetFiles(State, "*.resume", SearchOption.AllDirectories).Length == 1, () => "no state was saved");
        Directory.Delete(State, recursive: true);
        await command.KillAsync();

        await GetAllAsync();
    }

    private static void Spoil(string path, string how)
    {
        byte[] bytes = File.ReadAllBytes(path);
        switch (how)
        {
            case "cut":
                File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            case "garbage":
                File.WriteAllBytes(path, RandomNumberGenerator.GetBytes(bytes.Length));
                break;
            case "newer":
                File.WriteAllBytes(path, Seal(Encoding.Latin1.GetString(bytes[..^SHA256.HashSizeInBytes]).Replace("7:versioni1e", "7:versioni99e", StringComparison.Ordinal)));
                break;
            case "of another torrent":
                string text = Encoding.Latin1.GetString(bytes[..^SHA256.HashSizeInBytes]);
                const string Key = "9:info-hash20:";
                int at = text.IndexOf(Key, StringComparison.Ordinal) + Key.Length;
                File.WriteAllBytes(path, Seal(string.Concat(text.AsSpan(0, at), "another torrent's id", text.AsSpan(at + 20))));
                break;
            default:
                File.Delete(path);
                Directory.CreateDirectory(Path.Combine(path, "not empty"));
                break;
        }
    }

    private static byte[] Seal(string dictionary)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(dictionary);
        return [.. bytes, .. SHA256.HashData(bytes)];
    }
}
