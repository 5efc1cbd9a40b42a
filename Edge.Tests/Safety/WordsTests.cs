using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Functions.Safety;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Safety;

/// <summary>What the gate hears and says, word for word: people act on it.</summary>
public sealed class WordsTests : IDisposable
{
    private readonly TestHouse _house = new("""
        devices:
          - {name: door, kind: lock, line: 17}
          - {name: vault, kind: lock, line: 22, confirm: pin}
          - {name: lamp, kind: light, line: 27, changeInterval: 2s}
        safety: {pin: "4711", actionsMax: 1, temperatureMax: 80}
        functions:
          - {name: both, action: [{set: lamp, to: on}, {set: lamp, to: off}]}
        """);

    private static readonly Caller Anna = new("anna");

    public void Dispose() => _house.Dispose();

    [Fact]
    public void Yes_and_no_in_all_their_words()
    {
        Assert.All(["yes", "y", "yes please", "yep", "yeah", "ok", "okay", "sure", "confirm", "confirmed", "do it", "yes do it", "go ahead", "please do"], w => Assert.True(AnswerWords.IsYes(w), w));
        Assert.All(["no", "n", "no thanks", "nope", "cancel", "stop", "abort", "never mind", "don't", "do not", "no don't"], w => Assert.True(AnswerWords.IsNo(w), w));
        Assert.Null(AnswerWords.Digits("47a11"));
        Assert.Equal("4711", AnswerWords.Digits("4 7 1 1."));
        Assert.False(AnswerWords.IsYes("") || AnswerWords.IsNo(""));
    }

    [Fact]
    public void A_no_does_nothing_and_says_so()
    {
        Unlock("door", null);
        Assert.EndsWith("Nothing was done.", _house.House.Dispatcher.Answer("no", Anna, Token)!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_late_answer_is_told_to_ask_again()
    {
        Unlock("door", null);
        _house.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.EndsWith("The question is too old to answer; ask again.", _house.House.Dispatcher.Answer("yes", Anna, Token)!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_token_and_a_wrong_PIN_say_what_they_are()
    {
        Unlock("door", null);
        Assert.EndsWith("This confirmation belongs to no such question; ask again without one.", Unlock("door", "guess").Sentence, StringComparison.Ordinal);
        Assert.EndsWith("That is not the PIN; nothing was done.", Unlock("vault", "0000").Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_things_at_once_are_counted() =>
        Assert.EndsWith("both wants 2 things done; at most 1 at a time.", _house.Call("both").Sentence, StringComparison.Ordinal);

    [Fact]
    public void A_hot_board_and_a_change_too_soon_say_what_to_do()
    {
        _house.Clock.Advance(TimeSpan.FromSeconds(5));
        Lamp(true);
        Lamp(false);
        Assert.Contains("lamp may change again in 2 s; it rests ", Lamp(true).Sentence, StringComparison.Ordinal);
        _house.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("lamp may change again in 1 s; it rests ", Lamp(true).Sentence, StringComparison.Ordinal);
        _house.House.Safeguards.BoardIs(80);

        // Heat is said before the wait: it lasts longer.
        Assert.EndsWith("The board is too hot, so lamp stays safe; let it cool, or raise safety.temperatureMax.", Lamp(true).Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("safety: {pin: \"123456789012\"}", true)]
    [InlineData("safety: {pin: \"12a4\"}", false)]
    [InlineData("safety: {pinn: \"1234\"}", false)]
    [InlineData("safety: {interlocks: [{devices: [a, b], dwel: 2s}]}", false)]
    [InlineData("safety: {interlocks: [{devices: [a, hot]}]}", false)]
    public void Settings_are_read_to_the_letter(string safety, bool isRight) => Assert.Equal(
        isRight,
        TestHouse.FaultsOf("devices: [{name: a, kind: switch, line: 5}, {name: b, kind: switch, line: 6}, {name: hot, kind: sensor, quantity: temperature, simulated: 20}]\n" + safety).Count == 0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FunctionResult Unlock(string device, string? token) =>
        _house.House.Dispatcher.Invoke(new FunctionCall("unlock_door", TestHouse.Json($$"""{"lock":"{{device}}"}""")), Anna, token, Token);

    private FunctionResult Lamp(bool on) => _house.House.Dispatcher.Invoke(new DeviceAction.SwitchTo(_house.Device("lamp").Declaration, on), Token);
}
