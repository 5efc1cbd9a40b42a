using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Functions.Safety;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Safety;

public sealed class ConfirmationsTests : IDisposable
{
    private static readonly Caller Anna = new("anna");
    private static readonly Caller Ben = new("ben");

    private readonly TestHouse _house = new("""
        devices:
          - {name: front door, kind: lock, line: 17, changesPerMinute: 100, confirm: sentence}
          - {name: garden gate, kind: cover, class: gate, open: 23, close: 24}
          - {name: heater, kind: switch, class: heater, line: 27}
          - {name: oven, kind: dimmer, class: heater, pwm: 0}
          - {name: vault, kind: lock, line: 22, confirm: pin}
          - {name: hatch, kind: switch, line: 25, confirm: always}
          - {name: shed, kind: lock, line: 16, confirm: never}
          - {name: arm, kind: servo, pwm: 1, confirm: always}
          - {name: horn, kind: buzzer, line: 13, confirm: always}
          - {name: lamp, kind: light, line: 12}
          - {name: sump, kind: switch, line: 20, safe: on, confirm: always}
          - {name: exit, kind: lock, line: 21, safe: unlocked}
        safety: {pin: "4711", confirmTime: 20s}
        functions:
          - {name: leave, action: [{set: lamp, to: off}, {set: front door, to: unlock}, {set: vault, to: unlock}]}
        """);

    public void Dispose() => _house.Dispose();

    [Fact]
    public void A_lock_asks_before_it_opens_and_not_before_it_locks()
    {
        var asked = Ask("unlock_door", """{"lock":"front door"}""", Anna);
        Assert.Equal("Unlock front door? Say yes within 20s.", asked.Sentence);
        Assert.False(_house.Lines.IsHigh(17));
        Assert.IsType<FunctionResult.Done>(_house.Call("lock_door", """{"lock":"front door"}"""));
    }

    [Theory]
    [InlineData("yes")]
    [InlineData(" Yes, please. ")]
    [InlineData("OK!")]
    [InlineData("go ahead")]
    public void Yes_does_what_was_asked(string yes)
    {
        Ask("unlock_door", """{"lock":"front door"}""", Anna);
        Assert.Equal("Front door is unlocked.", Assert.IsType<FunctionResult.Done>(Answer(yes, Anna)).Said);
        Assert.True(_house.Lines.IsHigh(17));
    }

    [Fact]
    public void No_does_nothing()
    {
        Ask("unlock_door", """{"lock":"front door"}""", Anna);
        Assert.Equal("not-confirmed", Assert.IsType<FunctionResult.Denied>(Answer("No.", Anna)).Denial.Code);
        Assert.Null(Answer("yes", Anna));
        Assert.False(_house.Lines.IsHigh(17));
    }

    [Fact]
    public void A_yes_counts_once()
    {
        Ask("unlock_door", """{"lock":"front door"}""", Anna);
        Answer("yes", Anna);
        Assert.Null(Answer("yes", Anna));
    }

    [Fact]
    public void Another_caller_cannot_answer()
    {
        string token = Ask("unlock_door", """{"lock":"front door"}""", Anna).Token!;
        Assert.Null(Answer("yes", Ben));
        Assert.Null(Answer(token, Ben));
        Assert.Equal("wrong-token", Assert.IsType<FunctionResult.Denied>(Invoke("unlock_door", """{"lock":"front door"}""", Ben, token)).Denial.Code);
        Assert.False(_house.Lines.IsHigh(17));
    }

    [Fact]
    public void A_token_confirms_the_same_call_once()
    {
        string token = Ask("unlock_door", """{"lock":"front door"}""", Anna).Token!;
        Assert.IsType<FunctionResult.Done>(Invoke("unlock_door", """{"lock":"front door"}""", Anna, token));
        Assert.IsType<FunctionResult.Done>(_house.Call("lock_door", """{"lock":"front door"}"""));
        Assert.Equal("wrong-token", Assert.IsType<FunctionResult.Denied>(Invoke("unlock_door", """{"lock":"front door"}""", Anna, token)).Denial.Code);
        Assert.False(_house.Lines.IsHigh(17));
    }

    [Fact]
    public void A_token_is_for_its_function_and_arguments_alone()
    {
        string token = Ask("move_cover", """{"cover":"garden gate","action":"open"}""", Anna).Token!;
        Assert.Equal("wrong-token", Assert.IsType<FunctionResult.Denied>(Invoke("move_cover", """{"cover":"garden gate","action":"close"}""", Anna, token)).Denial.Code);
        Assert.Equal("wrong-token", Assert.IsType<FunctionResult.Denied>(Invoke("turn_on", """{"device":"heater"}""", Anna, token)).Denial.Code);
        Assert.Equal("wrong-token", Assert.IsType<FunctionResult.Denied>(Invoke("move_cover", """{"cover":"garden gate","action":"open"}""", Anna, token + "0")).Denial.Code);
        Assert.IsType<FunctionResult.Done>(Invoke("move_cover", """{"cover":"garden gate","action":"open"}""", Anna, token));
    }

    [Fact]
    public void A_token_expires()
    {
        string token = Ask("unlock_door", """{"lock":"front door"}""", Anna).Token!;
        _house.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("expired", Assert.IsType<FunctionResult.Denied>(Invoke("unlock_door", """{"lock":"front door"}""", Anna, token)).Denial.Code);
    }

    [Fact]
    public void A_late_yes_does_nothing()
    {
        Ask("unlock_door", """{"lock":"front door"}""", Anna);
        _house.Clock.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal("expired", Assert.IsType<FunctionResult.Denied>(Answer("yes", Anna)).Denial.Code);
        Assert.False(_house.Lines.IsHigh(17));
    }

    [Fact]
    public void After_another_command_only_the_token_answers()
    {
        string token = Ask("unlock_door", """{"lock":"front door"}""", Anna).Token!;
        Assert.Null(Answer("turn on the lamp", Anna));
        Assert.Null(Answer("yes", Anna));
        Assert.Null(Answer("no", Anna));
        Assert.IsType<FunctionResult.Done>(Answer(token, Anna));
    }

    [Fact]
    public void A_confirmed_call_is_judged_again()
    {
        Ask("turn_on", """{"device":"heater"}""", Anna);
        _house.House.Safeguards.BoardIs(90);
        Assert.Equal("too-hot", Assert.IsType<FunctionResult.Denied>(Answer("yes", Anna)).Denial.Code);
        Assert.False(_house.Lines.IsHigh(27));
    }

    [Fact]
    public void A_PIN_is_asked_for_and_only_it_answers()
    {
        var asked = Ask("unlock_door", """{"lock":"vault"}""", Anna);
        Assert.Equal("Unlock vault? Say the PIN within 20s.", asked.Sentence);
        Assert.Null(asked.Token);
        Assert.Null(Answer("", Anna));
        Assert.Equal("wrong-pin", Assert.IsType<FunctionResult.Denied>(Answer("4712", Anna)).Denial.Code);
        Assert.IsType<FunctionResult.Done>(Answer("4 7 1 1", Anna));
    }

    [Fact]
    public void A_hub_sends_the_PIN_along()
    {
        var unlock = new DeviceAction.LockOrUnlock(_house.Device("vault").Declaration, false);
        Assert.IsType<FunctionResult.Asked>(_house.House.Dispatcher.Invoke(unlock, TestContext.Current.CancellationToken));
        Assert.Equal("wrong-pin", Assert.IsType<FunctionResult.Denied>(_house.House.Dispatcher.Invoke(unlock, Anna, "1234", TestContext.Current.CancellationToken)).Denial.Code);
        Assert.IsType<FunctionResult.Done>(_house.House.Dispatcher.Invoke(unlock, Anna, "4711", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Guessing_PINs_ends_after_five_for_everybody()
    {
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("wrong-pin", Assert.IsType<FunctionResult.Denied>(Invoke("unlock_door", """{"lock":"vault"}""", new Caller($"{i}"), $"000{i}")).Denial.Code);
        }

        var locked = Assert.IsType<FunctionResult.Denied>(Invoke("unlock_door", """{"lock":"vault"}""", Anna, "4711"));
        Assert.Equal(new Denial("pin-locked", "Too many wrong PINs; wait 300 s."), locked.Denial);
        _house.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.IsType<FunctionResult.Done>(Invoke("unlock_door", """{"lock":"vault"}""", Anna, "4711"));
    }

    [Fact]
    public void A_call_with_several_deeds_asks_for_all_at_once_and_the_strictest_decides() =>
        Assert.Equal("Unlock front door, unlock vault? Say the PIN within 20s.", Ask("leave", "{}", Anna).Sentence);

    [Fact]
    public void A_device_named_by_a_hub_or_a_rule_is_not_asked_about_unless_always() => Assert.Multiple(
        () => Assert.IsType<FunctionResult.Done>(Direct(new DeviceAction.LockOrUnlock(Declared("front door"), false))),
        () => Assert.IsType<FunctionResult.Asked>(Direct(new DeviceAction.SwitchTo(Declared("hatch"), true))));

    public static TheoryData<string, string, string> Deeds => new()
    {
        { "turn_on", """{"device":"hatch"}""", "Turn on hatch?" },
        { "set_brightness", """{"light":"oven","brightness":40}""", "Set oven to 40 %?" },
        { "turn_on", """{"device":"oven"}""", "Turn on oven?" },
        { "move_cover", """{"cover":"garden gate","action":"close"}""", "Close garden gate?" },
        { "move_cover", """{"cover":"garden gate","action":"open"}""", "Open garden gate?" },
        { "unlock_door", """{"lock":"front door"}""", "Unlock front door?" },
        { "set_position", """{"cover":"garden gate","position":30}""", "Move garden gate to 30 %?" },
        { "move_servo", """{"servo":"arm","angle":30}""", "Turn arm to 30 degrees?" },
        { "turn_off", """{"device":"sump"}""", "Turn off sump?" },
        { "lock_door", """{"lock":"exit"}""", "Lock exit?" },
        { "sound_buzzer", """{"times":2}""", "Use horn?" },
    };

    [Theory]
    [MemberData(nameof(Deeds))]
    public void The_question_says_what_would_happen(string function, string arguments, string question) =>
        Assert.StartsWith(question, Ask(function, arguments, Anna).Sentence, StringComparison.Ordinal);

    [Fact]
    public void A_pulse_is_asked_about_with_its_length() => Assert.StartsWith(
        "Switch hatch for 500ms?",
        Assert.IsType<FunctionResult.Asked>(Direct(new DeviceAction.Pulse(Declared("hatch"), TimeSpan.FromMilliseconds(500)))).Sentence,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("turn_off", """{"device":"heater"}""")]
    [InlineData("turn_off", """{"device":"oven"}""")]
    [InlineData("unlock_door", """{"lock":"shed"}""")]
    [InlineData("turn_on", """{"device":"lamp"}""")]
    [InlineData("get_state", """{"device":"front door"}""")]
    public void The_way_to_the_safe_value_and_what_is_harmless_need_no_answer(string function, string arguments) =>
        Assert.IsType<FunctionResult.Done>(_house.Call(function, arguments));

    [Fact]
    public void What_the_model_reads_holds_no_token()
    {
        var asked = Ask("unlock_door", """{"lock":"front door"}""", Anna);
        Assert.DoesNotContain(asked.Token!, asked.ToModel().ToJsonString() + asked.Sentence, StringComparison.Ordinal);
        Assert.Equal(20, asked.Token!.Length);
        Assert.NotEqual(asked.Token, Ask("unlock_door", """{"lock":"front door"}""", Anna).Token);
    }

    [Fact]
    public void What_would_be_denied_anyway_is_not_asked()
    {
        _house.House.Safeguards.BoardIs(90);
        Assert.Equal("too-hot", Assert.IsType<FunctionResult.Denied>(_house.Call("unlock_door", """{"lock":"front door"}""")).Denial.Code);
    }

    [Fact]
    public void Questions_are_limited_and_the_oldest_goes()
    {
        var clock = new FakeTimeProvider();
        var confirmations = new Confirmations(SafetyRules.Default, clock, () => "t");
        var asks = new Verdict.NeedsConfirmation(BoundCall.Direct(new DeviceAction.SwitchTo(Declarations.Switch("lamp"), true)), "Turn on lamp?");
        for (int i = 0; i <= Confirmations.QuestionsMax; i++)
        {
            confirmations.Ask(new Caller($"{i}"), asks);
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        confirmations.Ask(new Caller("1"), asks);
        Assert.Null(confirmations.Hear(new Caller("0"), "yes"));
        Assert.IsType<Answer.Yes>(confirmations.Hear(new Caller("1"), "yes"));
    }

    [Fact]
    public void Without_a_PIN_no_digits_are_one()
    {
        var confirmations = new Confirmations(SafetyRules.Default, new FakeTimeProvider());
        var asks = new Verdict.NeedsConfirmation(BoundCall.Direct(new DeviceAction.SwitchTo(Declarations.Switch("lamp"), true)), "Turn on lamp?", IsPin: true);
        Assert.Equal("wrong-pin", confirmations.Redeem(Anna, asks, "")!.Code);
    }

    [Fact]
    public void More_than_six_deeds_are_counted()
    {
        var actions = Enumerable.Range(1, 8).Select(i => new DeviceAction.SwitchTo(Declarations.Switch($"h{i}") with { Rules = DeviceRules.None with { Confirm = Confirmation.Always } }, true));
        var call = BoundCall.Direct(actions.First()) with { Actions = [.. actions] };
        var asks = Assert.IsType<Verdict.NeedsConfirmation>(new SafetyPolicy().Check(call, DateTimeOffset.UnixEpoch, HouseState.Empty));
        Assert.Equal("Turn on h1, turn on h2, turn on h3, turn on h4, turn on h5, turn on h6 and 2 more?", asks.Question);
    }

    private DeviceDeclaration Declared(string name) => _house.Device(name).Declaration;

    private FunctionResult Direct(DeviceAction action) => _house.House.Dispatcher.Invoke(action, TestContext.Current.CancellationToken);

    private FunctionResult Invoke(string name, string arguments, Caller caller, string? token) =>
        _house.House.Dispatcher.Invoke(new FunctionCall(name, TestHouse.Json(arguments)), caller, token, TestContext.Current.CancellationToken);

    private FunctionResult.Asked Ask(string name, string arguments, Caller caller) => Assert.IsType<FunctionResult.Asked>(Invoke(name, arguments, caller, null));

    private FunctionResult? Answer(string text, Caller caller) => _house.House.Dispatcher.Answer(text, caller, TestContext.Current.CancellationToken);
}
