using System.Security.Cryptography;
using System.Text;
using Edge.Functions.Calls;
using Edge.Functions.Devices.Boards;
using Edge.Functions.Settings;

namespace Edge.Functions.Safety;

/// <summary>
/// The open questions: one a caller, each about one call, for a time, answered once. The model is no caller: it neither hears a token
/// nor can give one, since answers come beside its calls. Thread-safe.
/// </summary>
/// <param name="tokens">Makes tokens; null for random ones of 80 bits.</param>
public sealed class Confirmations(SafetyRules rules, TimeProvider clock, Func<string>? tokens = null)
{
    /// <summary>Callers name themselves; they must not fill the memory.</summary>
    internal const int QuestionsMax = 64;

    /// <summary>Wrong PINs in a row, whoever sends them, until none is heard for a while.</summary>
    internal const int WrongPinsMax = 5;

    internal static readonly TimeSpan PinPause = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<Caller, Open> _open = [];
    private readonly Func<string> _tokens = tokens ?? RandomToken;
    private int _wrongPins;
    private DateTimeOffset _pinsFrom = DateTimeOffset.MinValue;

    /// <summary>Puts a question; it replaces what the caller was asked before.</summary>
    public PendingQuestion Ask(Caller caller, Verdict.NeedsConfirmation verdict)
    {
        string how = $"Say {(verdict.IsPin ? "the PIN" : "yes")} within {DurationText.Format(rules.ConfirmTime)}.";
        var now = clock.GetUtcNow();
        return Put(new PendingQuestion(caller, verdict.Call, $"{verdict.Question} {how}", verdict.IsPin ? null : _tokens(), now + rules.ConfirmTime));
    }

    /// <summary>Puts the questions that other boards ask back; their tokens stay here, and the caller's answer goes to them.</summary>
    /// <param name="call">What was called; of it only what was asked about is done after a yes.</param>
    /// <param name="text">For the caller.</param>
    public PendingQuestion PassOn(Caller caller, BoundCall call, IReadOnlyList<BoardObjectionException> asked, string text, DateTimeOffset expiresAt)
    {
        var tokens = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var objection in asked)
        {
            if (objection.Answer is BoardAnswer.Asked { Token: { } token })
            {
                tokens[objection.Action.Device.Name] = token;
            }
        }

        bool isPin = tokens.Count < asked.Count;
        var open = call with { Actions = [.. asked.Select(a => a.Action)], Errand = call.Errand with { Tokens = tokens } };
        return Put(new PendingQuestion(caller, open, text, isPin ? null : _tokens(), expiresAt) { IsOfBoards = true });
    }

    /// <summary>Whether a token (or the PIN) that came with a call confirms exactly this call of this caller.</summary>
    /// <returns>Null when it does; it will not do so again.</returns>
    public Denial? Redeem(Caller caller, Verdict.NeedsConfirmation verdict, string token)
    {
        lock (_gate)
        {
            if (verdict.IsPin)
            {
                return CheckPin(token);
            }

            if (!_open.TryGetValue(caller, out var open) || !Matches(open.Question.Token, token) || !IsSame(open.Question.Call, verdict.Call))
            {
                return new Denial("wrong-token", "This confirmation belongs to no such question; ask again without one.");
            }

            _open.Remove(caller);
            return IsOver(open) ? Expired : null;
        }
    }

    /// <summary>What a caller's words are to what he was asked last.</summary>
    /// <returns>Null where they are a command of their own; after that only the token answers, no bare yes.</returns>
    public Answer? Hear(Caller caller, string text)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(caller, out var open))
            {
                return null;
            }

            var call = open.Question.Call;
            bool yes = Matches(open.Question.Token, text.Trim()) || (open is { HearsWords: true, Question.Token: not null } && AnswerWords.IsYes(text));
            string? pin = open.Question.Token is null ? AnswerWords.Digits(text) : null;
            bool no = open.HearsWords && AnswerWords.IsNo(text);
            if (!yes && !no && pin is null)
            {
                _open[caller] = open with { HearsWords = false };
                return null;
            }

            if (no || IsOver(open))
            {
                _open.Remove(caller);
                return new Answer.No(call, no ? new Denial("not-confirmed", "Nothing was done.") : Expired);
            }

            if (open.Question.IsOfBoards)
            {
                // The PIN is theirs, and so is the counting of wrong ones.
                _open.Remove(caller);
                return new Answer.Yes(call with { Errand = call.Errand with { Pin = pin } });
            }

            if (pin is not null && CheckPin(pin) is { } wrong)
            {
                return new Answer.No(call, wrong);
            }

            _open.Remove(caller);
            return new Answer.Yes(call);
        }
    }

    private PendingQuestion Put(PendingQuestion question)
    {
        lock (_gate)
        {
            if (_open.Count >= QuestionsMax && !_open.ContainsKey(question.Caller))
            {
                _open.Remove(_open.Values.MinBy(o => o.Question.ExpiresAt)!.Question.Caller);
            }

            _open[question.Caller] = new Open(question, HearsWords: true);
            return question;
        }
    }

    private static Denial Expired => new("expired", "The question is too old to answer; ask again.");

    private static bool IsSame(BoundCall asked, BoundCall made) => asked.Name == made.Name && asked.Actions.SequenceEqual(made.Actions);

    /// <summary>In a time that does not tell how much of it was right.</summary>
    private static bool Matches(string? expected, string given) =>
        expected is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));

    private static string RandomToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10));

    private bool IsOver(Open open) => clock.GetUtcNow() >= open.Question.ExpiresAt;

    private Denial? CheckPin(string pin)
    {
        var now = clock.GetUtcNow();
        if (now < _pinsFrom)
        {
            return new Denial("pin-locked", $"Too many wrong PINs; wait {Math.Ceiling((_pinsFrom - now).TotalSeconds)} s.");
        }

        if (Matches(rules.Pin, pin))
        {
            _wrongPins = 0;
            return null;
        }

        if (++_wrongPins >= WrongPinsMax)
        {
            _wrongPins = 0;
            _pinsFrom = now + PinPause;
        }

        return new Denial("wrong-pin", "That is not the PIN; nothing was done.");
    }

    /// <param name="HearsWords">False once the caller has said something else: a later yes may be meant for that.</param>
    private sealed record Open(PendingQuestion Question, bool HearsWords);
}
