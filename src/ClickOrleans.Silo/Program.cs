using ClickOrleans.Silo.Commands;

return await CommandLine.InvokeAsync(args);
