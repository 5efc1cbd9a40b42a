using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Devices.Boards;
using Edge.Functions.Safety;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Safety;

/// <summary>Questions that other boards ask back: their tokens stay here, the caller's answer goes to them. And the questions' book itself.</summary>
public sealed class QuestionsOfBoardsTests
{
    private static readonly Caller Anna = new("anna");
    private static readonly DeviceAction Gate = new DeviceAction.OpenOrClose(Declarations.Cover("gate"), true);
    private static readonly DeviceAction Door = new DeviceAction.LockOrUnlock(Declarations.Lock("door"), false);
    private static readonly BoundCall Both = BoundCall.Direct(Gate) with { Actions = [new DeviceAction.SwitchTo(Declarations.Switch("lamp"), true), Gate, Door] };

    private readonly FakeTimeProvider _clock = new();
    private readonly Confirmations _book;

    public QuestionsOfBoardsTests() => _book = new Confirmations(SafetyRules.Default with { Pin = "4711" }, _clock, () => "here");

    [Fact]
    public void A_yes_takes_each_board_its_own_token_and_does_only_what_was_asked_about()
    {
        var question = PassOn(Asked(Gate, "g1"), Asked(Door, "d1"));
        Assert.Equal(("Open gate, unlock door?", "here", true), (question.Text, question.Token, question.IsOfBoards));
        var yes = Assert.IsType<Answer.Yes>(_book.Hear(Anna, "yes"));
        Assert.Equal([Gate, Door], yes.Call.Actions);
        Assert.Equal(("g1", "d1", null), (yes.Call.Errand.TokenFor("GATE"), yes.Call.Errand.TokenFor("door"), yes.Call.Errand.Pin));
        Assert.Null(_book.Hear(Anna, "yes"));
    }

    [Fact]
    public void Where_one_of_them_wants_its_PIN_only_digits_answer_and_the_board_counts_wrong_ones()
    {
        Assert.Null(PassOn(Asked(Gate, "g1"), Asked(Door, null)).Token);
        Assert.Null(_book.Hear(Anna, "here"));
        PassOn(Asked(Gate, "g1"), Asked(Door, null));
        var yes = Assert.IsType<Answer.Yes>(_book.Hear(Anna, "0 8 1 5"));
        Assert.Equal(("g1", "0815"), (yes.Call.Errand.TokenFor("gate"), yes.Call.Errand.TokenFor("door")));
        Assert.Null(_book.Hear(Anna, "0815"));
    }

    [Fact]
    public void A_board_that_refused_gave_no_token_so_a_bare_yes_is_not_enough()
    {
        Assert.Null(PassOn(Asked(Gate, "g1"), new BoardObjectionException(Door, new BoardAnswer.Denied("too-hot", "Too hot."))).Token);
        Assert.Null(_book.Hear(Anna, "yes"));
    }

    [Fact]
    public void It_stands_as_long_as_the_board_says_and_no_longer()
    {
        PassOn(Asked(Gate, "g1"));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("expired", Assert.IsType<Answer.No>(_book.Hear(Anna, "yes")).Denial.Code);
        Assert.Null(_book.Hear(Anna, "yes"));
        PassOn(Asked(Gate, "g1"));
        Assert.Equal("not-confirmed", Assert.IsType<Answer.No>(_book.Hear(Anna, "no")).Denial.Code);
    }

    [Fact]
    public void The_PIN_is_no_answer_to_a_question_that_wants_a_yes()
    {
        Assert.Equal("here", _book.Ask(Anna, Asks(isPin: false)).Token);
        Assert.Null(_book.Hear(Anna, "4711"));
    }

    [Fact]
    public void A_yes_is_no_answer_to_a_question_that_wants_the_PIN()
    {
        _book.Ask(Anna, Asks(isPin: true));
        Assert.Null(_book.Hear(Anna, "yes"));
    }

    [Fact]
    public void A_wrong_PIN_leaves_the_question_open_and_the_right_one_closes_it()
    {
        _book.Ask(Anna, Asks(isPin: true));
        Assert.Equal("wrong-pin", Assert.IsType<Answer.No>(_book.Hear(Anna, "0000")).Denial.Code);
        Assert.IsType<Answer.Yes>(_book.Hear(Anna, "4711"));
        Assert.Null(_book.Hear(Anna, "4711"));
    }

    [Fact]
    public void The_count_of_wrong_PINs_begins_anew_after_the_right_one_and_after_the_pause()
    {
        for (int round = 0; round < 2; round++)
        {
            Guess(Confirmations.WrongPinsMax - 1);
            Assert.Null(_book.Redeem(Anna, Asks(isPin: true), "4711"));
        }

        Guess(Confirmations.WrongPinsMax);
        _clock.Advance(Confirmations.PinPause - TimeSpan.FromTicks(1));
        Assert.Equal(new Denial("pin-locked", "Too many wrong PINs; wait 1 s."), _book.Redeem(Anna, Asks(isPin: true), "4711"));
        _clock.Advance(TimeSpan.FromTicks(1));
        Guess(Confirmations.WrongPinsMax - 1);
        Assert.Null(_book.Redeem(Anna, Asks(isPin: true), "4711"));
    }

    [Fact]
    public void Whoever_is_asked_anew_pushes_nobody_out_of_a_full_book()
    {
        for (int i = 0; i < Confirmations.QuestionsMax; i++)
        {
            _book.Ask(new Caller($"{i}"), Asks(isPin: false));
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        _book.Ask(new Caller($"{Confirmations.QuestionsMax - 1}"), Asks(isPin: false));
        Assert.IsType<Answer.Yes>(_book.Hear(new Caller("0"), "yes"));
    }

    private static BoardObjectionException Asked(DeviceAction action, string? token) => new(action, new BoardAnswer.Asked("Sure?", token, DateTimeOffset.UnixEpoch));

    private static Verdict.NeedsConfirmation Asks(bool isPin) => new(BoundCall.Direct(Gate), "Open gate?", isPin);

    private PendingQuestion PassOn(params BoardObjectionException[] asked) => _book.PassOn(Anna, Both, asked, "Open gate, unlock door?", _clock.GetUtcNow() + TimeSpan.FromSeconds(10));

    private void Guess(int times)
    {
        for (int i = 0; i < times; i++)
        {
            Assert.Equal("wrong-pin", _book.Redeem(Anna, Asks(isPin: true), "0000")!.Code);
        }
    }
}
