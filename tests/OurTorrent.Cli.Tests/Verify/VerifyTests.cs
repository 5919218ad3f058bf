namespace OurTorrent.Cli.Tests.Verify;

public sealed class VerifyTests : IDisposable
{
    private readonly CommandHarness _harness = new();

    public static TheoryData<string> Contents => ["alice", "folder", "leaves", "lots-of-numbers", "numbers"];

    public void Dispose() => _harness.Dispose();

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task Whole_content_verifies(string name)
    {
        CommandResult result = await _harness.RunAsync("verify", CommandHarness.Fixture($"content/{name}.torrent"), "-d", CommandHarness.Fixture("content"));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains(": complete, all ", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whole_content_in_json()
    {
        CommandResult result = await _harness.RunAsync(
            "verify", CommandHarness.Fixture("content/alice.torrent"), "-d", CommandHarness.Fixture("content"), "--json");

        Assert.Equal("""{"complete":true,"piecesTotal":10,"piecesGood":10,"badFiles":[]}""" + "\n", result.Out);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task What_is_not_whole_is_named_and_exit_code_6()
    {
        _harness.Copy("content/numbers");
        File.Delete(_harness.PathOf("numbers/2.txt"));
        string torrent = CommandHarness.Fixture("content/numbers.torrent");

        CommandResult plain = await _harness.RunAsync("verify", torrent);
        CommandResult json = await _harness.RunAsync("verify", torrent, "--json");

        Assert.Equal((6, 6), (plain.ExitCode, json.ExitCode));
        Assert.Equal(
            """
            FILES THAT ARE NOT WHOLE
            File           Problem
            numbers/2.txt  missing
            numbers: not complete, 0 of 1 pieces verify

            """,
            plain.Out,
            ignoreLineEndingDifferences: true);
        Assert.Equal("""{"complete":false,"piecesTotal":1,"piecesGood":0,"badFiles":["numbers/2.txt"]}""" + "\n", json.Out);
    }

    [Fact]
    public async Task A_single_wrong_byte_is_found()
    {
        byte[] text = File.ReadAllBytes(CommandHarness.Fixture("content/alice.txt"));
        text[100_000] ^= 1;
        _harness.WriteFile("alice.txt", text);

        CommandResult result = await _harness.RunAsync("verify", CommandHarness.Fixture("content/alice.torrent"));

        Assert.Equal(6, result.ExitCode);
        Assert.Contains("alice.txt  1 corrupt piece\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("9 of 10 pieces verify", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_exit_code_4()
    {
        CommandResult result = await _harness.RunAsync("verify", CommandHarness.Fixture("content/alice.torrent"), "-d", "nowhere");

        Assert.Equal((4, "", "ourtorrent: cannot read nowhere: no such folder.\n"), (result.ExitCode, result.Out, result.Error));
    }
}
