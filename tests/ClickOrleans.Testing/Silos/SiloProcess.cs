using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ClickOrleans.Testing.Silos;

/// <summary>The program as a process of its own, as a person would start it: to be asked, stopped, or killed.</summary>
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

    /// <summary>Everything written so far, standard output and standard error alike.</summary>
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

    /// <summary>Starts <c>run</c> on a free port, or on that of a silo before it, and returns when it says it is ready.</summary>
    public static async Task<SiloProcess> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, int? port = null)
    {
        var silo = Start(arguments, environment, port);
        await silo.WaitUntilReadyAsync();
        return silo;
    }

    /// <summary>Starts <c>run</c> on a free port, or on that of a silo before it.</summary>
    public static SiloProcess Start(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, int? port = null)
    {
        var chosen = port ?? FreePort();
        return new SiloProcess(Launch(["run", "--port", $"{chosen}", .. arguments], environment), chosen).Listening();
    }

    /// <summary>
    /// Starts the program without a word, as a platform does that says everything by the environment, the port too.
    /// </summary>
    public static SiloProcess Start(int port, IReadOnlyDictionary<string, string> environment) =>
        new SiloProcess(Launch([], environment), port).Listening();

    /// <summary>Runs a command to its end.</summary>
    /// <param name="program">The assembly of another program than the silo.</param>
    public static async Task<(int ExitCode, string Output)> CommandAsync(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? input = null,
        string program = Silo)
    {
        await using var silo = new SiloProcess(Launch(arguments, environment, input is not null, program), 0).Listening();
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

    /// <summary>Asks for the status until it is as expected.</summary>
    /// <exception cref="TimeoutException">It never was; the message holds the last status and what the process wrote.</exception>
    public async Task<JsonElement> WaitForStatusAsync(Func<JsonElement, bool> expected, TimeSpan timeout)
    {
        var begun = Stopwatch.GetTimestamp();
        JsonElement last = default;
        while (Stopwatch.GetElapsedTime(begun) < timeout)
        {
            try
            {
                last = await StatusAsync();
                if (expected(last))
                {
                    return last;
                }
            }
            catch (HttpRequestException) when (!HasExited)
            {
                // Not listening yet, or out for the moment.
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"The status never was as expected. Last: {last}{Environment.NewLine}{Output}");
    }

    public async Task WaitUntilReadyAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        while (!Output.Contains("Ready: ", StringComparison.Ordinal))
        {
            if (HasExited || Stopwatch.GetElapsedTime(begun) > StartTimeout)
            {
                throw new InvalidOperationException($"The silo did not get ready:{Environment.NewLine}{Output}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>SIGKILL: nothing of the process gets to say goodbye.</summary>
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
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The process did not end within {timeout}:{Environment.NewLine}{Output}", late);
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
        bool writes = false,
        string program = Silo)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, $"{program}.dll");
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = writes,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private SiloProcess Listening()
    {
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return this;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
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
