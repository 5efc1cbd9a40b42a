using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Edge.Functions.Handlers;
using Edge.Runtime.Commands;

namespace Edge.Runtime.Hosting.Metrics;

/// <summary>What the service measures of itself. Names follow OpenTelemetry's conventions; <see cref="PrometheusText"/> turns them into Prometheus'.</summary>
public sealed class ServiceMetrics : IDisposable
{
    internal const string MeterName = "Edge";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _commands;
    private readonly Counter<long> _denials;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _steps;
    private readonly Histogram<double> _duration;
    private long _denied;
    private long _decoded;

    /// <param name="waiting">Commands in the queue now.</param>
    /// <param name="isConnected">Whether the broker is reached now.</param>
    /// <param name="temperature">Of the board, in °C; null where it is not known.</param>
    /// <param name="throttling">Null where the board does not tell.</param>
    public ServiceMetrics(Func<int> waiting, Func<bool> isConnected, Func<double?> temperature, Func<Throttling?> throttling, TimeProvider clock)
    {
        long startedAt = clock.GetTimestamp();
        _commands = _meter.CreateCounter<long>("edge.commands", description: "Commands answered, by status of the reply.");
        _denials = _meter.CreateCounter<long>("edge.denials", description: "Calls that the gate or the binder denied, by code.");
        _tokens = _meter.CreateCounter<long>("edge.tokens", description: "Tokens: prompt (cached ones among them), cached, decoded (chosen by the model), forced (by the grammar).");
        _steps = _meter.CreateCounter<long>("edge.model.steps", description: "How often the model ran.");
        _duration = _meter.CreateHistogram<double>("edge.command.duration", "s", "Time of a command, by phase: prefill, decode, total.");
        _meter.CreateObservableGauge("edge.queue", () => waiting(), description: "Commands that wait.");
        _meter.CreateObservableGauge("edge.broker.connected", () => isConnected() ? 1 : 0, description: "1 while the broker is reached.");
        _meter.CreateObservableGauge("edge.uptime", () => clock.GetElapsedTime(startedAt).TotalSeconds, "s", "Since the start.");
        _meter.CreateObservableGauge("edge.memory", () => Environment.WorkingSet, "By", "Memory of the process that is in RAM.");
        _meter.CreateObservableGauge("edge.board.temperature", () => One(temperature()), "Cel", "The processor's.");
        _meter.CreateObservableGauge("edge.board.throttled", () => Flags(throttling()), description: "1 while the condition holds: undervoltage, capped, throttled, hot.");
    }

    internal void OnAnswered(Command command, Reply reply)
    {
        _commands.Add(1, Tag("status", ReplyJson.Name(reply.Status)));
        foreach (var result in reply.Results)
        {
            Invoked(result);
        }

        var timing = reply.Timing;
        if (timing.PromptTokens > 0)
        {
            _duration.Record(timing.PrefillMs / 1000, Tag("phase", "prefill"));
            _duration.Record(timing.DecodeMs / 1000, Tag("phase", "decode"));
        }

        _duration.Record(timing.TotalMs / 1000, Tag("phase", "total"));
        _tokens.Add(timing.PromptTokens, Tag("kind", "prompt"));
        _tokens.Add(timing.CachedTokens, Tag("kind", "cached"));
        _tokens.Add(timing.DecodedTokens, Tag("kind", "decoded"));
        _tokens.Add(timing.ForcedTokens, Tag("kind", "forced"));
        _steps.Add(timing.ModelSteps);
        Interlocked.Add(ref _decoded, timing.DecodedTokens);
    }

    /// <summary>Counts a denial; other results are no news here.</summary>
    public void Invoked(FunctionResult result)
    {
        if (result is FunctionResult.Denied denied)
        {
            _denials.Add(1, Tag("code", denied.Denial.Code));
            Interlocked.Increment(ref _denied);
        }
    }

    /// <summary>What belongs into <c>edge/&lt;id&gt;/status</c> besides.</summary>
    internal void Extend(JsonObject status, Throttling? throttling)
    {
        status["denials"] = Interlocked.Read(ref _denied);
        status["tokens"] = Interlocked.Read(ref _decoded);
        status["memoryMB"] = Environment.WorkingSet / 1_000_000;
        status["throttled"] = throttling is null ? null : throttling.Now.Length > 0;
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static IEnumerable<Measurement<double>> One(double? value) => value is { } known ? [new Measurement<double>(known)] : [];

    private static IEnumerable<Measurement<int>> Flags(Throttling? throttling) =>
        throttling is null ? [] : Throttling.Conditions.Select(c => new Measurement<int>(throttling.Now.Contains(c) ? 1 : 0, Tag("condition", c)));
}
