using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Edge.Functions.Handlers;
using Edge.Runtime.Commands;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Hosting.Metrics;

/// <summary>
/// What the service measures of itself. Names follow OpenTelemetry's conventions; <see cref="PrometheusText"/> turns them into Prometheus'.
/// <c>edge/&lt;id&gt;/status</c> has the same figures.
/// </summary>
public sealed class ServiceMetrics : IDisposable
{
    /// <summary>In the order in which a command goes through them; <c>total</c> is from the queue to the reply.</summary>
    internal static readonly string[] Phases = ["queue", "prefill", "decode", "gate", "hands", "total"];

    private readonly Gauges _now;
    private readonly ILogger _log;
    private readonly Tally _commands = new("status", [.. Enum.GetValues<ReplyStatus>().Select(ReplyJson.Name)]);
    private readonly Tally _denials = new("code");
    private readonly Tally _tokens = new("kind", "prompt", "cached", "decoded", "forced");
    private readonly Histogram<double> _duration;
    private long _steps;
    private volatile CommandTiming? _last;
    private string _held = "";

    public ServiceMetrics(Gauges now, TimeProvider clock, ILogger log)
    {
        _now = now;
        _log = log;
        long startedAt = clock.GetTimestamp();
        Meter.CreateObservableCounter("edge.commands", _commands.Measure, description: "Commands answered, by status of the reply.");
        Meter.CreateObservableCounter("edge.denials", _denials.Measure, description: "Calls that the gate or the binder denied, by code.");
        Meter.CreateObservableCounter("edge.tokens", _tokens.Measure, description: "Tokens: prompt (cached ones among them), cached, decoded (chosen by the model), forced (by the grammar).");
        Meter.CreateObservableCounter("edge.model.steps", () => Interlocked.Read(ref _steps), description: "How often the model ran.");
        _duration = Meter.CreateHistogram<double>("edge.command.duration", "s", "Time of a command that was begun, by phase: queue, prefill and decode (the model), gate, hands, total.");
        Meter.CreateObservableGauge("edge.queue", () => now.Waiting(), description: "Commands that wait.");
        Meter.CreateObservableGauge("edge.broker.connected", () => now.IsConnected() ? 1 : 0, description: "1 while the broker is reached.");
        Meter.CreateObservableCounter("edge.broker.reconnections", () => Reconnections, description: "How often the broker was reached again.");
        Meter.CreateObservableGauge("edge.uptime", () => clock.GetElapsedTime(startedAt).TotalSeconds, "s", "Since the start.");
        Meter.CreateObservableGauge("edge.memory", () => Environment.WorkingSet, "By", "Memory of the process that is in RAM.");
        Meter.CreateObservableGauge("edge.board.temperature", () => One(now.Temperature()), "Cel", "The processor's.");
        Meter.CreateObservableGauge("edge.board.throttled", () => Flags(now.Throttling(), t => t.Now), description: "1 while the condition holds: undervoltage, capped, throttled, hot.");
        Meter.CreateObservableGauge("edge.board.throttled.before", () => Flags(now.Throttling(), t => t.Before), description: "1 if the condition held since the board started.");
        Meter.CreateObservableGauge("edge.info", () => new Measurement<int>(1, Tag("version", now.Version), Tag("model", now.Model)), description: "Always 1; what runs.");
    }

    /// <summary>One for each service: two in one process do not mix.</summary>
    internal Meter Meter { get; } = new("Edge");

    private long Reconnections => Math.Max(0, _now.Connections() - 1);

    internal void OnAnswered(Command command, Reply reply)
    {
        _commands.Add(ReplyJson.Name(reply.Status));
        foreach (var result in reply.Results)
        {
            Invoked(result);
        }

        var timing = reply.Timing;
        if (timing == new CommandTiming())
        {
            // Answered without having been begun: its zeros would make the others look quick.
            return;
        }

        _last = timing;
        foreach (var (phase, ms) in ByPhase(timing))
        {
            if (timing.PromptTokens > 0 || phase is not ("prefill" or "decode"))
            {
                _duration.Record(ms / 1000, Tag("phase", phase));
            }
        }

        _tokens.Add("prompt", timing.PromptTokens);
        _tokens.Add("cached", timing.CachedTokens);
        _tokens.Add("decoded", timing.DecodedTokens);
        _tokens.Add("forced", timing.ForcedTokens);
        Interlocked.Add(ref _steps, timing.ModelSteps);
    }

    /// <summary>Counts a denial; other results are no news here.</summary>
    public void Invoked(FunctionResult result)
    {
        if (result is FunctionResult.Denied denied)
        {
            _denials.Add(denied.Denial.Code);
        }
    }

    /// <summary>What belongs into <c>edge/&lt;id&gt;/status</c> besides.</summary>
    internal void Extend(JsonObject status)
    {
        var throttling = _now.Throttling();
        status["denials"] = _denials.Sum;
        status["tokens"] = _tokens["decoded"];
        status["memoryMB"] = Environment.WorkingSet / 1_000_000;
        status["throttled"] = throttling is null ? null : throttling.Now.Length > 0;
        status["lastMs"] = _last is { } last ? new JsonObject(ByPhase(last).Select(p => KeyValuePair.Create(p.Phase, (JsonNode?)JsonValue.Create(Math.Round(p.Ms, 1))))) : null;
        status["commandsBy"] = _commands.ToJson();
        status["denialsBy"] = _denials.ToJson();
        status["tokensBy"] = _tokens.ToJson();
        status["modelSteps"] = Interlocked.Read(ref _steps);
        status["reconnections"] = Reconnections;
        status["throttledBy"] = throttling is null ? null : Names(throttling.Now);
        status["throttledBefore"] = throttling is null ? null : Names(throttling.Before);
        Watch(throttling);
    }

    public void Dispose() => Meter.Dispose();

    /// <summary>A board that begins to be held back says so in the log, once.</summary>
    private void Watch(Throttling? throttling)
    {
        string held = string.Join(", ", throttling?.Now ?? []);
        if (Interlocked.Exchange(ref _held, held) != held && held.Length > 0)
        {
            HostingLog.Throttled(_log, held);
        }
    }

    private static (string Phase, double Ms)[] ByPhase(CommandTiming timing) =>
        [.. Phases.Zip([timing.QueueMs, timing.PrefillMs, timing.DecodeMs, timing.GateMs, timing.HandsMs, timing.TotalMs])];

    private static JsonArray Names(string[] names) => [.. names.Select(n => (JsonNode?)JsonValue.Create(n))];

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static IEnumerable<Measurement<double>> One(double? value) => value is { } known ? [new Measurement<double>(known)] : [];

    private static IEnumerable<Measurement<int>> Flags(Throttling? throttling, Func<Throttling, string[]> which) =>
        throttling is null ? [] : Throttling.Conditions.Select(c => new Measurement<int>(which(throttling).Contains(c) ? 1 : 0, Tag("condition", c)));
}
