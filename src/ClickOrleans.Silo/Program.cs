using ClickOrleans.Silo.Commands;
using ClickOrleans.Silo.Hosting;

return await CommandLine.InvokeAsync(
    args,
    new RunCommand(),
    [
        new ProduceCommand(),
        new VerifyCommand(),
        new ExportCommand(),
        new DeadLettersCommand(),
        new AcceptLossCommand(),
        new AdoptLogCommand(),
        new HealthCommand(),
        .. MaintenanceCommands.Of(Adapters.MaintenanceOperations),
    ]);
