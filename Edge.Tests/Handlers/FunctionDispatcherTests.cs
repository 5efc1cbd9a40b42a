using CsCheck;
using Edge.Functions.Calls;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Handlers;

public sealed class FunctionDispatcherTests : IDisposable
{
    private const string Yaml = """
        devices:
          - {name: lamp, kind: light, line: 17, changesPerMinute: 6000}
          - {name: spot, kind: light, line: 27, changesPerMinute: 6000}
          - {name: glow, kind: dimmer, pwm: 0, min: 10, max: 80}
          - {name: hidden, kind: switch, line: 24, expose: false}
          - {name: blinds, kind: cover, open: 22, close: 23}
          - {name: arm, kind: servo, pwm: 1, min: -45, max: 45}
          - {name: buzzer, kind: buzzer, line: 16}
          - {name: hall temperature, room: hall, kind: sensor, quantity: temperature, simulated: 20}
        functions:
          - {name: party, action: [{set: lamp, to: on}, {set: hidden, to: on}]}
          - {name: both, action: [{set: lamp, to: on}, {set: spot, to: on}]}
          - name: play
            parameters: {type: object, properties: {station: {type: string}}, required: [station]}
            action: {publish: media/radio, payload: {station: "{station}"}, retain: true}
        """;

    private readonly TestHouse _house = new(Yaml);

    public void Dispose() => _house.Dispose();

    [Fact]
    public void A_line_that_does_not_follow_is_a_failed_result()
    {
        _house.Lines.Hold(17, false);
        var failed = Assert.IsType<FunctionResult.Failed>(_house.Call("turn_on", """{"device":"lamp"}"""));
        Assert.Equal("Lamp did not follow: Line 17 of simulated was set high but reads low.", failed.Sentence);
        Assert.Equal("""{"error":"Lamp did not follow: Line 17 of simulated was set high but reads low."}""", failed.ToModel().ToJsonString());
    }

    [Fact]
    public void One_of_a_group_that_fails_does_not_stop_the_others()
    {
        _house.Lines.Break(17);
        var failed = Assert.IsType<FunctionResult.Failed>(_house.Call("turn_on", """{"device":"all lights"}"""));
        Assert.Equal("Lamp did not follow: Line 17 of simulated cannot be written (Line 17 does not answer). Spot is on. Glow is on at 80 %.", failed.Sentence);
    }

    [Fact]
    public void A_group_that_stands_alike_is_said_as_one() =>
        Assert.Equal("All lights are off.", (_house.Call("turn_off", """{"device":"all lights"}""") as FunctionResult.Done)?.Said.Replace("Lamp, spot and glow", "All lights", StringComparison.Ordinal));

    [Fact]
    public void A_sequence_stops_at_its_first_failure()
    {
        _house.Lines.Hold(17, false);
        Assert.IsType<FunctionResult.Failed>(_house.Call("both"));
        Assert.False(_house.Lines.IsHigh(27));
    }

    [Fact]
    public void A_call_is_allowed_as_a_whole_or_not_at_all()
    {
        Assert.Equal("not-exposed", Assert.IsType<FunctionResult.Denied>(_house.Call("party")).Denial.Code);
        Assert.False(_house.Lines.IsHigh(17));
    }

    [Fact]
    public void A_sensor_without_a_reading_is_a_failure_and_never_an_old_number()
    {
        Assert.Equal("""{"temperature":20}""", _house.Call("read_temperature").ToModel().ToJsonString());
        _house.Sensor("hall temperature").Fault = "it is unplugged.";
        Assert.Equal("No reading from hall temperature: it is unplugged.", Assert.IsType<FunctionResult.Failed>(_house.Call("read_temperature")).Error);
    }

    [Fact]
    public void A_message_is_published_with_the_call_s_arguments()
    {
        var publisher = new RecordingPublisher();
        _house.House.Dispatcher.Publisher = publisher;
        Assert.Equal("""{"ok":true}""", _house.Call("play", """{"station":"jazz"}""").ToModel().ToJsonString());
        Assert.Equal(("media/radio", """{"station":"jazz"}""", true), Assert.Single(publisher.Sent));
    }

    [Fact]
    public void Without_a_broker_a_message_is_a_failure() => Assert.Equal(
        "No broker is connected, so nothing was sent to media/radio.",
        Assert.IsType<FunctionResult.Failed>(_house.Call("play", """{"station":"jazz"}""")).Error);

    [Fact]
    public async Task A_broker_that_takes_nothing_fails_at_the_deadline()
    {
        _house.House.Dispatcher.Publisher = new HangingPublisher();
        var call = Task.Run(() => _house.Call("play", """{"station":"jazz"}"""));
        while (!call.IsCompleted)
        {
            _house.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        Assert.StartsWith("The broker did not take the message", Assert.IsType<FunctionResult.Failed>(await call).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void After_the_house_closed_a_call_fails_and_moves_nothing()
    {
        _house.House.Dispose();
        int writes = _house.Lines.WriteCount;
        Assert.Equal("Lamp is offline, the service stops.", Assert.IsType<FunctionResult.Failed>(_house.Call("turn_on", """{"device":"lamp"}""")).Error);
        Assert.Equal(writes, _house.Lines.WriteCount);
    }

    [Fact]
    public void No_call_moves_a_line_without_being_done()
    {
        var names = _house.House.Catalog.Functions.Select(f => f.Name).Append("explode").ToArray();
        string[] keys = ["device", "light", "brightness", "cover", "action", "position", "servo", "angle", "times", "location", "station", "pin"];
        string[] values = ["\"lamp\"", "\"hidden\"", "\"glow\"", "\"blinds\"", "\"arm\"", "\"open\"", "\"all lights\"", "50", "-7", "1e9", "5.5", "true", "null", "[]", "{}", "\"\"", "\"hall\""];
        var call =
            from name in Gen.Int[0, names.Length - 1]
            from pairs in Gen.Select(Gen.Int[0, keys.Length - 1], Gen.Int[0, values.Length - 1]).List[0, 3]
            select (Name: names[name], Arguments: "{" + string.Join(',', pairs.Select(p => $"\"{keys[p.Item1]}\":{values[p.Item2]}")) + "}");
        call.Sample(
            c =>
            {
                int writes = _house.Lines.WriteCount;
                double glow = _house.Device("glow").Read().Value ?? 0;
                double arm = _house.Device("arm").Read().Value ?? 0;
                var result = _house.Call(c.Name, c.Arguments);
                bool moved = writes != _house.Lines.WriteCount || glow != (_house.Device("glow").Read().Value ?? 0) || arm != (_house.Device("arm").Read().Value ?? 0);
                return (!moved || result is FunctionResult.Done)
                    && !_house.Lines.IsHigh(24)
                    && _house.Device("glow").State.Value is 0 or (>= 10 and <= 80)
                    && !(_house.Lines.IsHigh(22) && _house.Lines.IsHigh(23));
            },
            threads: 1);
    }

    [Fact]
    public async Task Many_callers_at_once_leave_the_lines_as_the_states_say()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), TestContext.Current.CancellationToken, (i, _) =>
        {
            string device = i % 2 == 0 ? "lamp" : "spot";
            Assert.IsType<FunctionResult.Done>(_house.Call(i % 3 == 0 ? "turn_off" : "turn_on", $$"""{"device":"{{device}}"}"""));
            return ValueTask.CompletedTask;
        });
        Assert.Equal(_house.Lines.IsHigh(17) ? "on" : "off", _house.Device("lamp").State.Word);
        Assert.Equal(_house.Lines.IsHigh(27) ? "on" : "off", _house.Device("spot").State.Word);
    }

    [Fact]
    public void A_call_whose_arguments_are_missing_altogether_is_denied() =>
        Assert.IsType<FunctionResult.Denied>(_house.House.Dispatcher.Invoke(new FunctionCall("turn_on", default), TestContext.Current.CancellationToken));

    private sealed class RecordingPublisher : IMessagePublisher
    {
        public List<(string Topic, string Payload, bool Retain)> Sent { get; } = [];

        public Task PublishAsync(string topic, string payload, bool retain, CancellationToken cancellationToken)
        {
            Sent.Add((topic, payload, retain));
            return Task.CompletedTask;
        }
    }

    private sealed class HangingPublisher : IMessagePublisher
    {
        public Task PublishAsync(string topic, string payload, bool retain, CancellationToken cancellationToken) => new TaskCompletionSource().Task;
    }
}
