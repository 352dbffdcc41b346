using System.CommandLine;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Silo.Hosting;

namespace ClickOrleans.Silo.Commands;

/// <summary>Makes a command of each operation that an adapter registers: <c>index rebuild</c>.</summary>
internal static class MaintenanceCommands
{
    public static IEnumerable<Command> Of(IEnumerable<MaintenanceOperation> operations) => operations
        .GroupBy(operation => operation.Subject)
        .Select(subject =>
        {
            var command = new Command(subject.Key, $"Maintain the {subject.Key}.");
            foreach (var operation in subject)
            {
                command.Subcommands.Add(Of(operation));
            }

            return command;
        });

    private static Command Of(MaintenanceOperation operation)
    {
        var command = new Command(operation.Name, operation.Description);
        command.SetAction((_, _) => CommandLine.GuardAsync(token => ToolHost.RunAsync(
            null, services => RunAsync(operation.Subject, operation.Name, operation.Requirement, services, token))));
        return command;
    }

    private static async Task<int> RunAsync(
        string subject, string name, string requirement, IServiceProvider services, CancellationToken cancellationToken)
    {
        var operation = services.GetServices<MaintenanceOperation>()
            .FirstOrDefault(operation => operation.Subject == subject && operation.Name == name)
            ?? throw new StartupException($"'{subject} {name}' needs {requirement}.");
        await services.GetRequiredService<Preparation>().RunAsync(cancellationToken);
        Console.WriteLine(await operation.RunAsync(services, cancellationToken));
        return CommandLine.Done;
    }
}
