using ClickOrleans.FakeClicks;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// The whole pipeline in a program of one's own: no server, no HTTP interface, one Orleans silo on this machine.
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddClickOrleans(clicks => clicks.UseSqliteLog().UseSqliteStore().UseSqliteIndex().UseFakeClicks());
builder.UseOrleans(silo => silo
    .UseLocalhostClustering(builder.Configuration.GetValue("SiloPort", 11111), gatewayPort: 0)
    .UseInMemoryReminderService()
    .AddClickOrleansGrains());
using var host = builder.Build();
await host.StartAsync();

var store = host.Services.GetRequiredService<IClickStore>();
var wanted = builder.Configuration.GetValue("Clicks", 1000L);
while ((await store.GetTotalsAsync(default)).Folded < wanted)
{
    await Task.Delay(TimeSpan.FromMilliseconds(200));
}

await host.StopAsync();
Console.WriteLine($"{(await store.GetTotalsAsync(default)).Stored} clicks stored");
