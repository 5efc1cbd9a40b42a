using Edge.Runtime.Inference;
using Edge.Runtime.Tokens;

namespace Edge.Tests.Fakes;

/// <summary>A decoder that wants to say given answers, one a prompt; what the grammar does not allow it has to leave to the next best.</summary>
internal sealed class ScriptedDecoder : IDecoder
{
    private readonly Queue<int[]> _answers = new();
    private readonly float[] _logits;
    private int[] _answer = [];
    private int _promptEnd;
    private bool _newPrompt = true;

    public ScriptedDecoder(Tokenizer tokenizer, params IEnumerable<string> answers)
    {
        Vocabulary = tokenizer.Vocabulary.Count;
        _logits = new float[Vocabulary];
        foreach (string answer in answers)
        {
            var ids = new List<int>();
            tokenizer.EncodeTemplate(answer, ids);
            _answers.Enqueue([.. ids]);
        }
    }

    public int Vocabulary { get; }

    public int ContextLength { get; init; } = 2048;

    public int Length { get; private set; }

    /// <summary>Runs so far.</summary>
    public int Runs { get; private set; }

    /// <summary>Called before each run.</summary>
    public Action? OnRun { get; set; }

    public void Truncate(int length)
    {
        Length = Math.Min(Length, length);
        _newPrompt = true;
    }

    public ReadOnlySpan<float> Run(scoped ReadOnlySpan<int> tokens)
    {
        OnRun?.Invoke();
        Runs++;
        Length += tokens.Length;
        if (_newPrompt)
        {
            _newPrompt = false;
            _promptEnd = Length;
            _answer = _answers.Count > 0 ? _answers.Dequeue() : [];
        }

        Array.Clear(_logits);
        int at = Length - _promptEnd;
        if (at < _answer.Length)
        {
            _logits[_answer[at]] = 10;
        }

        return _logits;
    }

    public void Dispose()
    {
    }
}
