using System.Diagnostics;
using Edge.Runtime.Hosting;
using Xunit;

namespace Edge.Tests.Fakes;

/// <summary>The program itself, in a process and a folder of its own.</summary>
internal sealed class EdgeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly TaskCompletionSource _firstError = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _errors;

    private EdgeProcess(Process process, string folder)
    {
        _process = process;
        Folder = folder;
        _errors = ReadErrorsAsync();
    }

    /// <summary>The shipped model, or the test is skipped.</summary>
    public static string ModelOrSkip()
    {
        string folder = Path.Combine(Repository.Root, ModelLocation.Shipped);
        Assert.SkipUnless(File.Exists(Path.Combine(folder, "manifest.json")), $"{ModelLocation.Shipped} is not in this checkout.");
        return folder;
    }

    /// <summary>Starts <c>edge run</c> and waits until it says that it is ready.</summary>
    /// <param name="environment">Variables besides those of the tests; null takes one away.</param>
    public static Task<EdgeProcess> RunAsync(string settings, CancellationToken cancellationToken, params (string Name, string? Value)[] environment) =>
        RunModelAsync(ModelOrSkip(), settings, cancellationToken, environment);

    /// <inheritdoc cref="RunAsync"/>
    /// <param name="model">A model folder.</param>
    public static async Task<EdgeProcess> RunModelAsync(string model, string settings, CancellationToken cancellationToken, params (string Name, string? Value)[] environment)
    {
        var edge = Start(["run", "--model", model, "--config", await WriteAsync(settings, cancellationToken)], environment);
        while (await edge._process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("  Ctrl-C stops it", StringComparison.Ordinal))
            {
                return edge;
            }
        }

        throw new InvalidOperationException($"edge run ended: {await edge._errors}");
    }

    /// <summary>Starts <c>edge run</c> and waits for its first log line: the house is open, nothing else is.</summary>
    public static async Task<EdgeProcess> BeginAsync(string settings, CancellationToken cancellationToken)
    {
        var edge = Start(["run", "--model", ModelOrSkip(), "--config", await WriteAsync(settings, cancellationToken)]);
        await edge._firstError.Task.WaitAsync(Patience, cancellationToken);
        return edge;
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> DoAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        await using var edge = Start(arguments);
        string output = await edge._process.StandardOutput.ReadToEndAsync(cancellationToken);
        var (exitCode, errors) = await edge.EndAsync(cancellationToken);
        return (exitCode, output.TrimEnd(), errors.TrimEnd());
    }

    /// <summary>Puts settings into a file of their own.</summary>
    public static async Task<string> WriteAsync(string settings, CancellationToken cancellationToken)
    {
        string path = Path.Combine(TemporaryFolder.Create(), "edge.yaml");
        await File.WriteAllTextAsync(path, settings, cancellationToken);
        return path;
    }

    public int Id => _process.Id;

    /// <summary>Where it was started; empty at first.</summary>
    public string Folder { get; }

    /// <param name="signal"><c>TERM</c>, <c>INT</c> or <c>KILL</c>.</param>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("/bin/kill", ["-s", signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    public async Task<(int ExitCode, string Errors)> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<string> ReadErrorsAsync()
    {
        var lines = new List<string>();
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            _firstError.TrySetResult();
        }

        return string.Join('\n', lines);
    }

    private static EdgeProcess Start(string[] arguments, params (string Name, string? Value)[] environment)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "edge");
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = TemporaryFolder.Create(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment.Remove(name);
            if (value is not null)
            {
                start.Environment[name] = value;
            }
        }

        return new EdgeProcess(Process.Start(start)!, start.WorkingDirectory);
    }
}
