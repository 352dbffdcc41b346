namespace ClickOrleans.Testing.Pipelines;

/// <summary>A temporary failure of a server.</summary>
/// <param name="Name">Name on the command line of the drill.</param>
/// <param name="CausesErrors">True if requests fail during the outage; false if they only hang.</param>
public sealed record Outage(
    string Name, bool CausesErrors, Func<ServerPipeline, Task> BeginAsync, Func<ServerPipeline, Task> EndAsync)
{
    public static IReadOnlyList<Outage> All { get; } =
    [
        new("kafka_killed", true, pipeline => pipeline.Kafka.KillAsync(), pipeline => pipeline.Kafka.StartAsync()),
        new("kafka_frozen", false, pipeline => pipeline.Kafka.FreezeAsync(), pipeline => pipeline.Kafka.ThawAsync()),
        new("postgres_killed", true, pipeline => pipeline.Postgres.KillAsync(), pipeline => pipeline.Postgres.StartAsync()),
        new("postgres_frozen", false, pipeline => pipeline.Postgres.FreezeAsync(), pipeline => pipeline.Postgres.ThawAsync()),
        new(
            "postgres_read_only",
            true,
            pipeline => SetReadOnlyAsync(pipeline, "set default_transaction_read_only = on"),
            pipeline => SetReadOnlyAsync(pipeline, "reset default_transaction_read_only")),
        new("disk_full", true, pipeline => AddFailingTriggerAsync(pipeline, "53100"), DropFailingTriggerAsync),
        new("deadlock", true, pipeline => AddFailingTriggerAsync(pipeline, "40P01"), DropFailingTriggerAsync),
    ];

    public static Outage Named(string name) => All.Single(outage => outage.Name == name);

    public override string ToString() => Name;

    /// <summary>Existing connections keep their setting, so they are terminated.</summary>
    private static Task SetReadOnlyAsync(ServerPipeline pipeline, string change) => pipeline.Database.ExecuteAsync(
        $"alter system {change}",
        "select pg_reload_conf()",
        "select pg_terminate_backend(pid) from pg_stat_activity "
        + $"where datname = current_database() and application_name <> '{DatabaseControl.ApplicationName}'");

    private static Task AddFailingTriggerAsync(ServerPipeline pipeline, string sqlState) => pipeline.Database.ExecuteAsync(
        "create function fail() returns trigger language plpgsql as "
        + $"$$ begin raise exception 'drill' using errcode = '{sqlState}'; end $$",
        "create trigger fail before insert on clickstream_data for each statement execute function fail()");

    private static Task DropFailingTriggerAsync(ServerPipeline pipeline) =>
        pipeline.Database.ExecuteAsync("drop trigger fail on clickstream_data", "drop function fail()");
}
