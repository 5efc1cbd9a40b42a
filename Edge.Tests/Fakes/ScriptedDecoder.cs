using Edge.Runtime.Inference;
using Edge.Runtime.Tokens;

namespace Edge.Tests.Fakes;

/// <summary>A decoder that wants to say given answers, one a prompt; what the grammar does not allow it has to leave to the next best.</summary>
internal sealed class ScriptedDecoder : IDecoder
{
    private readonly Queue<int[]> _answers = new();
    private readonly float[] _logits;
    private int[] _answer = [];
    private float[] _branchLogits = [];
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

    /// <summary>Nodes that follow the script get its next token; others get nothing to say.</summary>
    public ReadOnlySpan<float> RunBranches(scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> parents)
    {
        OnRun?.Invoke();
        Runs++;
        _branchLogits = new float[tokens.Length * Vocabulary];
        int[] depths = new int[tokens.Length];
        for (int node = 0; node < tokens.Length; node++)
        {
            // The script's place behind the node; -1 where the branch has left the script.
            int before = parents[node] < 0 ? Length - _promptEnd : depths[parents[node]];
            depths[node] = before >= 0 && before < _answer.Length && _answer[before] == tokens[node] ? before + 1 : -1;
            if (depths[node] >= 0 && depths[node] < _answer.Length)
            {
                _branchLogits[(node * Vocabulary) + _answer[depths[node]]] = 10;
            }
        }

        return _branchLogits;
    }

    public void KeepBranch(scoped ReadOnlySpan<int> path) => Length += path.Length;

    public void Dispose()
    {
    }
}
