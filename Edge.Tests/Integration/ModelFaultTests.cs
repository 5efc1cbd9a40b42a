using Edge.Functions.Devices;
using Edge.Runtime.Commands;
using Edge.Runtime.Hosting;
using Edge.Runtime.Inference;
using Edge.Runtime.Mqtt;
using Edge.Runtime.Prompts;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Whichever way the model's thread breaks, outputs go to their safe values; unless the owner keeps them.</summary>
public sealed class ModelFaultTests : IAsyncDisposable
{
    private const string Yaml = "devices: [{name: lamp, kind: light, line: 17}, {name: pump, kind: switch, line: 22, onMax: 60s}]\n";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));
    private readonly ManualResetEventSlim _release = new();
    private CommandWorker? _worker;
    private ScriptedRunner? _runner;
    private TestHouse? _house;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _release.Set();
        _worker?.Dispose();
        _house?.Dispose();
        _release.Dispose();
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_runner_that_throws()
    {
        Assert.Equal(ReplyStatus.Error, (await Run((_, _) => throw new InvalidOperationException("Non-zero status code returned while running MatMulNBits node."))).Status);
        Assert.False(_house!.Lines.IsHigh(17));
    }

    [Fact]
    public async Task A_runner_without_a_reply()
    {
        Assert.Equal(ReplyStatus.Error, (await Run((_, _) => null!)).Status);
        Assert.False(_house!.Lines.IsHigh(17));
    }

    [Fact]
    public async Task A_grammar_that_breaks()
    {
        // Logits that are no numbers leave no token to choose.
        using var model = new LanguageModel(new NoNumbers(ShippedModel.Tokenizer.Vocabulary.Count), ShippedModel.Tokenizer, _clock);
        var reply = await Run((command, cancelled) => new CommandPipeline(
            model, new EdgeTemplate(ShippedModel.Tokenizer), _house!.House.Catalog, call => _house.House.Dispatcher.Invoke(call, cancelled), new PipelineOptions(), _clock).Run(command, cancelled));
        Assert.Equal((ReplyStatus.Error, true), (reply.Status, reply.IsModelFault));
        Assert.False(_house!.Lines.IsHigh(17));
    }

    [Fact]
    public async Task A_decoder_that_throws()
    {
        using var model = new LanguageModel(
            new ScriptedDecoder(ShippedModel.Tokenizer) { OnRun = () => throw new InvalidOperationException("ONNX Runtime broke.") }, ShippedModel.Tokenizer, _clock);
        Assert.Equal(ReplyStatus.Error, (await Run((command, cancelled) => new CommandPipeline(
            model, new EdgeTemplate(ShippedModel.Tokenizer), _house!.House.Catalog, call => _house.House.Dispatcher.Invoke(call, cancelled), new PipelineOptions(), _clock).Run(command, cancelled))).Status);
        Assert.False(_house!.Lines.IsHigh(17));
    }

    [Fact]
    public async Task A_runner_that_hangs_past_its_deadline()
    {
        var safe = new TaskCompletionSource();
        var reply = Begin(Hang, () => safe.TrySetResult());
        await _runner!.BegunAsync(Token);
        _clock.Advance(TimeSpan.FromSeconds(30) + CommandWorker.Grace);
        Assert.Equal(ReplyStatus.Timeout, (await reply.WaitAsync(TimeSpan.FromSeconds(30), Token)).Status);
        await safe.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.False(_house!.Lines.IsHigh(17));
        Assert.True(_house.House.Dispatcher.IsResponsive(TimeSpan.Zero));
    }

    [Fact]
    public async Task A_deadline_that_is_obeyed_is_no_fault()
    {
        var reply = Begin((_, cancelled) =>
        {
            cancelled.WaitHandle.WaitOne();
            throw new OperationCanceledException(cancelled);
        });
        await _runner!.BegunAsync(Token);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(ReplyStatus.Timeout, (await reply.WaitAsync(TimeSpan.FromSeconds(30), Token)).Status);
        Assert.True(_house!.Lines.IsHigh(17));
    }

    [Fact]
    public async Task The_owner_may_keep_outputs_as_they_are()
    {
        await Run((_, _) => throw new InvalidOperationException("It broke."), "safety: {onModelFault: keep}\n");
        Assert.True(_house!.Lines.IsHigh(17));
    }

    [Fact]
    public async Task A_listener_that_breaks_takes_no_reply_with_it()
    {
        var reply = await Begin((_, _) => throw new InvalidOperationException("It broke."), () => throw new IOException("So did the chip.")).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(ReplyStatus.Error, reply.Status);
    }

    [Fact]
    public async Task Max_on_ends_while_the_model_never_comes_back()
    {
        _ = Begin(Hang);
        await _runner!.BegunAsync(Token);
        _house!.House.Dispatcher.Invoke(new DeviceAction.SwitchTo(_house.Device("pump").Declaration, true), Token);
        Assert.True(_house.Lines.IsHigh(22));
        _house.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(_house.Lines.IsHigh(22));
        _house.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_house.Lines.IsHigh(22));
    }

    [Fact]
    public async Task In_the_service_a_broken_model_makes_outputs_safe()
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner((_, _) => throw new InvalidOperationException("It broke.")), Token, house: Yaml);
        edge.House.Dispatcher.Invoke(new DeviceAction.SwitchTo(edge.House.Registry.Find("lamp")!.Declaration, true), Token);
        Assert.True(edge.House.Simulation!.IsHigh(17));
        var off = new TaskCompletionSource();
        edge.House.Simulation.LevelChanged += (line, high) =>
        {
            if (line == 17 && !high)
            {
                off.TrySetResult();
            }
        };
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.PublishAsync("edge/home/command", "anything", Token);
        await off.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    [Fact]
    public async Task The_service_feeds_its_watchdog_while_the_model_hangs_and_not_while_a_line_does()
    {
        var settings = TestHouse.ReadSettings(Yaml) with { Gpio = new Functions.Gpio.GpioSettings(Driver: Functions.Gpio.GpioSettings.Simulated) };
        var house = Functions.House.Open(settings, TimeProvider.System, NullLoggerFactory.Instance);
        var runner = new ScriptedRunner(Hang);
        var mqtt = new MqttOptions(Port: FreePort.Find());
        var options = new EdgeOptions(mqtt, new ModelOptions(), new CommandOptions(), LogLevel.None);
        using var signs = new SemaphoreSlim(0);
        await using var service = new EdgeService(
            options, new Engine(house, runner, "a script"), TimeProvider.System, new Random(1), NullLoggerFactory.Instance,
            new Supervisor(_ => signs.Release(), TimeSpan.FromMilliseconds(90)));
        await service.StartAsync(Token);
        await using var client = await TestClient.ConnectAsync(mqtt.Port, Token);
        await client.PublishAsync("edge/home/command", "anything", Token);
        await runner.BegunAsync(Token);
        while (signs.Wait(0, Token))
        {
        }

        Assert.True(await signs.WaitAsync(TimeSpan.FromSeconds(30), Token), "The watchdog must live while the model hangs.");

        // A write that does not come back holds the lock of moves.
        using var stuck = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        house.Simulation!.LevelChanged += (_, _) =>
        {
            inside.Set();
            stuck.Wait(Token);
        };
        var move = Task.Run(() => house.Dispatcher.Invoke(new DeviceAction.SwitchTo(house.Registry.Find("lamp")!.Declaration, true), Token), Token);
        inside.Wait(Token);
        while (signs.Wait(0, Token))
        {
        }

        // At most one look was under way.
        await signs.WaitAsync(TimeSpan.FromMilliseconds(100), Token);
        Assert.False(await signs.WaitAsync(TimeSpan.FromMilliseconds(300), Token), "The watchdog must not live while a line hangs.");
        stuck.Set();
        await move;
        Assert.True(await signs.WaitAsync(TimeSpan.FromSeconds(30), Token));
        _release.Set();
    }

    private Reply Hang(Command command, CancellationToken cancelled)
    {
        _release.Wait(CancellationToken.None);
        return Reply.Refusal(command.Id, ReplyStatus.Ok, "At last.");
    }

    private Task<Reply> Run(Func<Command, CancellationToken, Reply> script, string safety = "") => Begin(script, null, safety).WaitAsync(TimeSpan.FromSeconds(60), Token);

    private Task<Reply> Begin(Func<Command, CancellationToken, Reply> script, Action? after = null, string safety = "")
    {
        _house = new TestHouse(Yaml + safety);
        _house.House.Dispatcher.Invoke(new DeviceAction.SwitchTo(_house.Device("lamp").Declaration, true), Token);
        Assert.True(_house.Lines.IsHigh(17));
        _worker = new CommandWorker(new CommandQueue(4), _runner = new ScriptedRunner(script), _clock);
        _worker.ModelFailed += _house.House.Safeguards.ModelFailed;
        _worker.ModelFailed += after;
        _worker.Start();
        var now = _clock.GetUtcNow();
        return _worker.SubmitAsync(new Command("1", "turn on the lamp", now, now + TimeSpan.FromSeconds(30), "test"));
    }

    /// <summary>What a broken kernel gives.</summary>
    private sealed class NoNumbers(int vocabulary) : IDecoder
    {
        private readonly float[] _logits = [.. Enumerable.Repeat(float.NaN, vocabulary)];
        private float[] _branches = [];

        public int Vocabulary => vocabulary;

        public int ContextLength => 2048;

        public int Length { get; private set; }

        public void Truncate(int length) => Length = Math.Min(Length, length);

        public ReadOnlySpan<float> Run(scoped ReadOnlySpan<int> tokens)
        {
            Length += tokens.Length;
            return _logits;
        }

        public ReadOnlySpan<float> RunBranches(scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> parents) =>
            _branches = [.. Enumerable.Repeat(float.NaN, tokens.Length * vocabulary)];

        public void KeepBranch(scoped ReadOnlySpan<int> path) => Length += path.Length;

        public void Dispose()
        {
        }
    }
}
