using ClickOrleans.Pipeline.Log;
using ClickOrleans.Sqlite.Log;
using ClickOrleans.Conformance.Log;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using static ClickOrleans.Conformance.Log.LogTestExtensions;

namespace ClickOrleans.Sqlite.Tests.Log;

/// <summary>What is the file's own, beyond the promises of every log.</summary>
public sealed class SqliteClickLogTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"clickorleans-log-{Guid.NewGuid():N}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_number_of_partitions_can_be_raised_and_is_never_lowered()
    {
        await using (var log = Log(partitions: 2))
        {
            await log.OpenAsync();
        }

        await using var raised = Log(partitions: 5);
        await raised.OpenAsync();
        Assert.Equal(5, await raised.GetPartitionCountAsync(Cancellation));

        await using var lowered = Log(partitions: 1);
        await lowered.OpenAsync();
        Assert.Equal(5, await lowered.GetPartitionCountAsync(Cancellation));
    }

    [Fact]
    public async Task A_process_that_runs_uses_the_partitions_that_another_has_added()
    {
        await using var running = Log(partitions: 2);
        var identity = await running.OpenAsync();
        await using var other = Log(partitions: 4);
        await other.OpenAsync();

        // "abc" belongs to partition 3 of four.
        await running.AppendAsync(Message("abc", "1"));

        Assert.Equal(new OffsetRange(0, 1), await running.GetOffsetsAsync(3));
        await using var reader = running.OpenReader(identity, 3, 0);
        var read = new MessageCollector();
        await reader.ReadUntilAsync(read, 1);
        Assert.Equal(["1"], read.Values);
    }

    [Fact]
    public async Task A_file_of_another_log_is_refused()
    {
        await using (var log = Log(topic: "orders"))
        {
            await log.OpenAsync();
        }

        await using var wrong = Log(topic: "clickstream");

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => wrong.OpenAsync());
        Assert.Contains("holds the log orders, not clickstream", thrown.Message);
    }

    [Fact]
    public async Task A_file_made_again_is_a_new_log()
    {
        LogIdentity before;
        await using (var log = Log())
        {
            before = await log.OpenAsync();
        }

        Directory.Delete(_folder, recursive: true);
        await using var again = Log();

        Assert.NotEqual(before.TopicId, (await again.OpenAsync()).TopicId);
    }

    [Fact]
    public async Task Messages_without_key_go_to_the_partitions_in_turn()
    {
        await using var log = Log(partitions: 4);
        await log.OpenAsync();

        await log.AppendAsync([.. Enumerable.Range(0, 100).Select(_ => Message(null, "1"))]);

        for (var partition = 0; partition < 4; partition++)
        {
            Assert.Equal(25, (await log.GetOffsetsAsync(partition)).Count);
        }
    }

    [Fact]
    public async Task A_batch_that_cannot_be_written_leaves_nothing_and_the_next_takes_its_offsets()
    {
        await using var log = Log(partitions: 1);
        await log.OpenAsync();
        await log.AppendAsync(Message("a", "1"));
        Execute(
            "create trigger refuse before insert on messages when new.value = cast('bad' as blob) "
            + "begin select raise(abort, 'refused'); end");

        var thrown = await Assert.ThrowsAsync<LogAppendException>(
            () => log.AppendAsync(Message("a", "2"), Message("a", "bad"), Message("a", "3")));
        Assert.Equal(3, thrown.Failed);
        Assert.Equal(3, thrown.Total);
        Assert.Contains("refused", thrown.Message);

        await log.AppendAsync(Message("a", "4"));
        Assert.Equal(["1", "4"], (await log.ReadAllAsync(0)).Select(message => message.ValueText));
    }

    [Fact]
    public async Task An_append_waits_for_another_process_that_writes_and_can_be_cancelled()
    {
        await using var log = Log(partitions: 1);
        await log.OpenAsync();
        await using var other = new SqliteConnection(
            $"Data Source={Path.Combine(_folder, SqliteClickLog.FileName)};Pooling=False");
        await other.OpenAsync(Cancellation);
        await using var transaction = other.BeginTransaction(deferred: false);
        using var cancellation = new CancellationTokenSource();

        var cancelled = log.AppendAsync([Message("a", "cancelled")], cancellation.Token);
        var waiting = log.AppendAsync(Message("a", "waiting"));
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(TestTimeout, Cancellation));
        Assert.False(waiting.IsCompleted);

        await transaction.RollbackAsync(Cancellation);
        await waiting.WaitAsync(TestTimeout, Cancellation);
        Assert.Equal(["waiting"], (await log.ReadAllAsync(0)).Select(message => message.ValueText));
    }

    [Fact]
    public async Task The_write_ahead_log_stays_bounded_while_readers_read()
    {
        await using var log = Log(partitions: 1);
        var identity = await log.OpenAsync();
        var batch = Enumerable.Range(0, 1000).Select(_ => new LogMessage(null, new byte[10_000])).ToArray();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var readers = Enumerable.Range(0, 3)
            .Select(_ => Task.Run(() => ReadAgainAndAgainAsync(log, identity, stop.Token)))
            .ToArray();

        for (var megabytes = 0; megabytes < 350; megabytes += 10)
        {
            await log.AppendAsync(batch);
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        var length = new FileInfo(Path.Combine(_folder, SqliteClickLog.FileName + "-wal")).Length;
        Assert.True(length < 220 << 20, $"The write-ahead log has {length >> 20} MB.");
    }

    [Fact]
    public async Task The_registered_log_is_the_file_in_the_folder()
    {
        await using var services = new ServiceCollection()
            .AddClickOrleans(clicks => clicks.UseSqliteLog(options => (options.Data, options.Partitions) = (_folder, 3)))
            .BuildServiceProvider();

        var log = services.GetRequiredService<IClickLog>();

        Assert.Equal($"SQLite log clickstream in {Path.Combine(_folder, "log.db")}", log.Description);
        Assert.Equal(3, await log.GetPartitionCountAsync(Cancellation));
    }

    private static async Task ReadAgainAndAgainAsync(SqliteClickLog log, LogIdentity identity, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await using var reader = log.OpenReader(identity, 0, 0);
            var read = new Discarding();
            for (var before = -1L; before < reader.Position && !stop.IsCancellationRequested;)
            {
                before = reader.Position;
                await reader.ReadAsync(read, TimeSpan.Zero, CancellationToken.None);
            }
        }
    }

    private void Execute(string statement)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(_folder, SqliteClickLog.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    private SqliteClickLog Log(int partitions = 4, string topic = "clickstream") =>
        new(_folder, partitions, topic, TimeProvider.System);

    private sealed class Discarding : IMessageVisitor
    {
        public bool Visit(in ReceivedMessage message) => true;
    }
}
