using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Functions.Safety;
using Edge.Runtime.Grammars;
using Edge.Runtime.Inference;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Handlers;

/// <summary>
/// A range, a step, an enumeration: the grammar made of the catalogue cannot say what lies outside, and whoever says it without a grammar (a
/// hub, a rule, a broken mask) is refused, with no line written. What lies inside goes through both.
/// </summary>
public sealed class CheckedTwiceTests : IDisposable
{
    private readonly TestHouse _house = new("""
        devices:
          - {name: lamp, kind: light, line: 17}
          - {name: glow, kind: dimmer, pwm: 0, min: 20, max: 80}
          - {name: arm, kind: servo, pwm: 1, min: -45, max: 45}
          - {name: horn, kind: buzzer, line: 13, max: 3}
          - {name: hidden, kind: light, line: 22, expose: false}
        functions:
          - name: dim
            description: Dim in steps
            parameters:
              type: object
              properties: {level: {type: integer, minimum: 30, maximum: 70, multipleOf: 5}, mode: {type: string, enum: [soft, hard]}}
              required: [level, mode]
            action: {set: glow, to: "{level}"}
        """);

    public void Dispose() => _house.Dispose();

    [Theory]
    [InlineData("set_brightness", """{"light":"glow","brightness":20}""")]
    [InlineData("set_brightness", """{"light":"glow","brightness":80}""")]
    [InlineData("set_brightness", """{"light":"glow","brightness":0}""")]
    [InlineData("dim", """{"level":30,"mode":"soft"}""")]
    [InlineData("dim", """{"level":70,"mode":"hard"}""")]
    [InlineData("move_servo", """{"servo":"arm","angle":-45}""")]
    [InlineData("move_servo", """{"servo":"arm","angle":45}""")]
    [InlineData("sound_buzzer", """{"times":3}""")]
    [InlineData("turn_on", """{"device":"lamp"}""")]
    public void What_lies_inside_can_be_said_and_is_done(string name, string arguments)
    {
        Assert.True(CanBeSaid(name, arguments), "The grammar refuses it.");
        Assert.IsType<FunctionResult.Done>(_house.Call(name, arguments));
    }

    [Theory]
    [InlineData("set_brightness", """{"light":"glow","brightness":101}""", "out-of-range")]
    [InlineData("set_brightness", """{"light":"glow","brightness":-1}""", "out-of-range")]
    [InlineData("set_brightness", """{"light":"glow","brightness":40.5}""", "wrong-type")]
    [InlineData("set_brightness", """{"light":"lamp","brightness":40}""", "not-a-choice")]
    [InlineData("dim", """{"level":29,"mode":"soft"}""", "out-of-range")]
    [InlineData("dim", """{"level":71,"mode":"soft"}""", "out-of-range")]
    [InlineData("dim", """{"level":75,"mode":"soft"}""", "out-of-range")]
    [InlineData("dim", """{"level":42,"mode":"soft"}""", "out-of-range")]
    [InlineData("dim", """{"level":40,"mode":"loud"}""", "not-a-choice")]
    [InlineData("dim", """{"level":40}""", "missing-argument")]
    [InlineData("dim", """{"level":40,"mode":"soft","mode":"hard"}""", "unknown-argument")]
    [InlineData("move_servo", """{"servo":"arm","angle":46}""", "out-of-range")]
    [InlineData("move_servo", """{"servo":"arm","angle":-46}""", "out-of-range")]
    [InlineData("sound_buzzer", """{"times":4}""", "out-of-range")]
    [InlineData("sound_buzzer", """{"times":0}""", "out-of-range")]
    [InlineData("turn_on", """{"device":"hidden"}""", "not-a-choice")]
    [InlineData("turn_on", """{"device":"the moon"}""", "not-a-choice")]
    [InlineData("launch", "{}", "unknown-function")]
    public void What_lies_outside_cannot_be_said_and_is_refused_all_the_same(string name, string arguments, string code)
    {
        Assert.False(CanBeSaid(name, arguments), "The grammar lets it through.");
        int writes = _house.Lines.WriteCount;
        var result = _house.Call(name, arguments);
        Assert.Equal(code, Assert.IsType<FunctionResult.Denied>(result).Denial.Code);
        Assert.Equal(writes, _house.Lines.WriteCount);
    }

    /// <summary>The third line: actions that came by no function at all.</summary>
    [Fact]
    public void The_gate_itself_measures_again_what_no_binder_has_seen()
    {
        DeviceAction[] actions =
        [
            new DeviceAction.SetLevel(Declared("glow"), 19), new DeviceAction.SetLevel(Declared("glow"), 81), new DeviceAction.TurnTo(Declared("arm"), 45.01),
            new DeviceAction.TurnTo(Declared("arm"), double.NaN), new DeviceAction.TurnTo(Declared("arm"), double.NegativeInfinity),
            new DeviceAction.Beep(Declared("horn"), 4), new DeviceAction.SwitchTo(Declared("hidden"), true), new DeviceAction.SetLevel(Declared("lamp"), 40),
        ];
        var policy = new SafetyPolicy();
        Assert.All(actions, a => Assert.IsType<Verdict.Denied>(policy.Check(BoundCall.Direct(a), DateTimeOffset.UnixEpoch, HouseState.Empty, isConfirmed: true)));
        Assert.All(actions, a => Assert.IsType<FunctionResult.Denied>(_house.House.Dispatcher.Invoke(a, TestContext.Current.CancellationToken)));
    }

    private DeviceDeclaration Declared(string name) => _house.Device(name).Declaration;

    private bool CanBeSaid(string name, string arguments)
    {
        var functions = _house.House.Catalog.Functions.Select(f => f.Definition).ToList();
        var matcher = new TokenMatcher(new EdgeCallSyntax(ShippedModel.Tokenizer).Compile(functions, new GrammarOptions()), ShippedModel.Index);
        return Grammars.TokenMatcherTests.Encode($$"""<|call|>{"name":"{{name}}","arguments":{{arguments}}}<|end|>""").All(matcher.TryAccept) && matcher.IsComplete;
    }
}
