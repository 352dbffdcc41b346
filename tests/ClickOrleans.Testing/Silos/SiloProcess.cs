using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ClickOrleans.Testing.Silos;

/// <summary>The program as a separate process, started as a user would start it; tests query, stop or kill it.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private const string Silo = "ClickOrleans.Silo";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly HttpClient _http;

    private SiloProcess(Process process, int port)
    {
        _process = process;
        Port = port;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(90) };
    }

    public int Port { get; }

    public int Id => _process.Id;

    public HttpClient Http => _http;

    public bool HasExited => _process.HasExited;

    /// <summary>Standard output and standard error so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts <c>run</c> on a free port, or on the given one, and returns when it is ready.</summary>
    public static async Task<SiloProcess> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, int? port = null)
    {
        var silo = Start(arguments, environment, port);
        await silo.WaitUntilReadyAsync();
        return silo;
    }

    /// <summary>Starts <c>run</c> on a free port, or on the given one.</summary>
    public static SiloProcess Start(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, int? port = null)
    {
        var chosen = port ?? FreePort();
        return new SiloProcess(Launch(["run", "--port", $"{chosen}", .. arguments], environment), chosen).CaptureOutput();
    }

    /// <summary>
    /// Starts the program without arguments: everything, including the port, is configured by environment variables.
    /// </summary>
    public static SiloProcess Start(int port, IReadOnlyDictionary<string, string> environment) =>
        new SiloProcess(Launch([], environment), port).CaptureOutput();

    /// <summary>Runs a command to its end.</summary>
    /// <param name="program">The assembly of another program than the silo.</param>
    public static async Task<(int ExitCode, string Output)> CommandAsync(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? input = null,
        string program = Silo)
    {
        await using var silo = new SiloProcess(Launch(arguments, environment, input is not null, program), 0).CaptureOutput();
        if (input is not null)
        {
            await silo._process.StandardInput.WriteAsync(input);
            silo._process.StandardInput.Close();
        }

        return (await silo.WaitForExitAsync(TimeSpan.FromMinutes(5)), silo.Output);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task<JsonElement> StatusAsync() => await _http.GetFromJsonAsync<JsonElement>("/api/status");

    /// <summary>Polls the status until it is as expected.</summary>
    /// <exception cref="TimeoutException">The message contains the last status and the output of the process.</exception>
    public async Task<JsonElement> WaitForStatusAsync(Func<JsonElement, bool> expected, TimeSpan timeout)
    {
        JsonElement last = default;
        await Poll.UntilAsync(
            async () =>
            {
                try
                {
                    last = await StatusAsync();
                    return expected(last);
                }
                catch (HttpRequestException) when (!HasExited)
                {
                    // Not listening yet, or temporarily unavailable.
                    return false;
                }
            },
            () => $"Last status: {last}{Environment.NewLine}{Output}",
            timeout);
        return last;
    }

    /// <summary>
    /// Whether a log event with this id has been written, in the form <c>Category[id]</c> of the console logger.
    /// </summary>
    public bool HasLogged(int eventId) => Output.Contains($"[{eventId}] ", StringComparison.Ordinal);

    /// <exception cref="InvalidOperationException">The process exited during startup.</exception>
    public Task WaitUntilReadyAsync() => Poll.UntilAsync(
        () => HasLogged(LogEvents.Ready) || (HasExited
            ? throw new InvalidOperationException($"The silo exited during startup:{Environment.NewLine}{Output}")
            : false),
        () => Output,
        StartTimeout,
        TimeSpan.FromMilliseconds(20));

    /// <summary>SIGKILL: the process cannot shut down gracefully.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public Task SignalAsync(string signal) => Process.Start("kill", [$"-{signal}", $"{Id}"]).WaitForExitAsync();

    /// <summary>SIGINT, as Ctrl-C sends it; returns the exit code.</summary>
    public async Task<int> InterruptAsync(TimeSpan timeout)
    {
        await SignalAsync("INT");
        return await WaitForExitAsync(timeout);
    }

    public async Task<int> WaitForExitAsync(TimeSpan timeout)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(timeout);
            return _process.ExitCode;
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"The process did not end within {timeout}:{Environment.NewLine}{Output}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static Process Launch(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment,
        bool redirectInput = false,
        string program = Silo)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, $"{program}.dll");
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = redirectInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private SiloProcess CaptureOutput()
    {
        _process.OutputDataReceived += Append;
        _process.ErrorDataReceived += Append;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return this;
    }

    private void Append(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
        {
            lock (_output)
            {
                _output.AppendLine(line.Data);
            }
        }
    }
}
