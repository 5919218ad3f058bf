using Microsoft.Data.Sqlite;
using OurTorrent.Tracker.Sqlite;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Tests.Sqlite;

public sealed class TrackerDatabaseTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ourtorrent-database-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "tracker.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_that_is_not_there_is_made()
    {
        TrackerDatabase database = TrackerDatabase.Open(Path);
        using SqliteConnection connection = database.Connect();
        Assert.Equal(0, connection.Scalar("SELECT count(*) FROM torrents"));
        Assert.Equal(TrackerDatabase.SchemaVersion, connection.Scalar("PRAGMA user_version"));
        Assert.Equal(TrackerDatabase.ApplicationId, connection.Scalar("PRAGMA application_id"));
    }

    [Fact]
    public void An_empty_file_is_taken_as_a_new_one()
    {
        File.WriteAllBytes(Path, []);
        using SqliteConnection connection = TrackerDatabase.Open(Path).Connect();
        Assert.Equal(0, connection.Scalar("SELECT count(*) FROM journal"));
    }

    [Fact]
    public void What_was_written_is_there_when_it_is_opened_again()
    {
        using (SqliteConnection connection = TrackerDatabase.Open(Path).Connect())
            connection.Execute("INSERT INTO journal VALUES(7, 0, x'00')");
        using SqliteConnection again = TrackerDatabase.Open(Path).Connect();
        Assert.Equal(7, again.Scalar("SELECT sequence FROM journal"));
    }

    [Fact]
    public void Two_programs_may_make_it_at_the_same_time()
    {
        Parallel.For(0, 8, _ => TrackerDatabase.Open(Path));
        using SqliteConnection connection = TrackerDatabase.Open(Path).Connect();
        Assert.Equal(TrackerDatabase.SchemaVersion, connection.Scalar("PRAGMA user_version"));
    }

    [Fact]
    public void One_can_read_while_another_writes()
    {
        TrackerDatabase database = TrackerDatabase.Open(Path);
        using SqliteConnection writer = database.Connect();
        using SqliteConnection reader = database.Connect();
        using SqliteTransaction transaction = writer.BeginTransaction();
        writer.Execute("INSERT INTO journal VALUES(1, 0, x'00')");
        Assert.Equal(0, reader.Scalar("SELECT count(*) FROM journal"));
        transaction.Commit();
        Assert.Equal(1, reader.Scalar("SELECT count(*) FROM journal"));
    }

    [Fact]
    public void Another_program_holding_the_file_is_named_as_the_reason()
    {
        TrackerDatabase.Open(Path);
        using var other = new SqliteConnection($"Data Source={Path};Pooling=False");
        other.Open();
        other.Execute("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
        var fault = Assert.Throws<SwarmStoreException>(() => TrackerDatabase.Open(Path));
        Assert.Contains("another program", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(200_000)]
    public void A_file_that_is_no_database_is_left_as_it_is(int length)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)('a' + (i % 26)))];
        File.WriteAllBytes(Path, bytes);
        AssertRefused("is not a database");
        Assert.Equal(bytes, File.ReadAllBytes(Path));
    }

    [Theory]
    [InlineData("CREATE TABLE notes(text)")]
    [InlineData("PRAGMA application_id = 1234")]
    [InlineData("PRAGMA user_version = 1")]
    public void A_database_of_another_program_is_left_as_it_is(string sql)
    {
        using (var other = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            other.Open();
            other.Execute(sql);
        }

        byte[] before = File.ReadAllBytes(Path);
        AssertRefused("another program");
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_database_of_a_newer_version_is_left_as_it_is()
    {
        using (SqliteConnection connection = TrackerDatabase.Open(Path).Connect())
            connection.Execute("PRAGMA user_version = 1000");
        byte[] before = File.ReadAllBytes(Path);
        AssertRefused("layout 1000");
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_damaged_database_is_left_as_it_is()
    {
        using (SqliteConnection connection = TrackerDatabase.Open(Path).Connect())
            connection.Execute("PRAGMA journal_mode = DELETE");
        byte[] bytes = File.ReadAllBytes(Path);
        bytes.AsSpan(100, 3000).Fill(0xff);
        File.WriteAllBytes(Path, bytes);
        AssertRefused("is damaged");
        Assert.Equal(bytes, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        string path = System.IO.Path.Combine(_folder.FullName, "nowhere", "tracker.db");
        var fault = Assert.Throws<SwarmStoreException>(() => TrackerDatabase.Open(path));
        Assert.Contains("nowhere' does not exist", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_no_database()
    {
        var fault = Assert.Throws<SwarmStoreException>(() => TrackerDatabase.Open(_folder.FullName));
        Assert.Contains("is a folder", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(":memory:")]
    [InlineData("file:tracker.db?mode=memory")]
    [InlineData("a;Mode=Memory.db")]
    public void A_name_that_means_something_to_SQLite_is_a_file_like_any_other(string name)
    {
        string path = System.IO.Path.Combine(_folder.FullName, name);
        TrackerDatabase.Open(path);
        Assert.True(File.Exists(path));
    }

    [Theory]
    [InlineData(13, 0, "disk is full")]
    [InlineData(10, 4874, "disk is full")]
    [InlineData(10, 778, "disk fails")]
    [InlineData(8, 0, "may not be written to")]
    [InlineData(14, 0, "cannot be opened")]
    [InlineData(5, 0, "another program")]
    [InlineData(7, 0, "out of memory")]
    public void A_fault_names_the_file_and_what_is_wrong(int code, int extended, string words)
    {
        SwarmStoreException fault = DatabaseFault.Describe("/data/tracker.db", new SqliteException("out of memory", code, extended));
        Assert.Contains("'/data/tracker.db'", fault.Message, StringComparison.Ordinal);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_tracker_is_told_that_the_database_is_in_use()
    {
        using DatabaseLock first = DatabaseLock.Take(Path);
        var fault = Assert.Throws<SwarmStoreException>(() => DatabaseLock.Take(Path));
        Assert.Contains("in use by another tracker", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_next_tracker_can_have_the_database()
    {
        DatabaseLock.Take(Path).Dispose();
        DatabaseLock.Take(Path).Dispose();
    }

    [Fact]
    public void A_lock_in_a_folder_that_is_gone_says_so()
    {
        Assert.Throws<SwarmStoreException>(() => DatabaseLock.Take(System.IO.Path.Combine(_folder.FullName, "nowhere", "tracker.db")));
    }

    private void AssertRefused(string words)
    {
        var fault = Assert.Throws<SwarmStoreException>(() => TrackerDatabase.Open(Path));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.Contains(Path, fault.Message, StringComparison.Ordinal);
    }
}
