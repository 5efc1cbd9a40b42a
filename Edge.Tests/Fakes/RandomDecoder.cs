using Edge.Runtime.Inference;

namespace Edge.Tests.Fakes;

/// <summary>A model that wants anything: logits by chance, so that only the grammar decides what is said.</summary>
internal sealed class RandomDecoder(int vocabulary, int seed) : IDecoder
{
    private readonly Random _random = new(seed);
    private float[] _logits = [];

    public int Vocabulary => vocabulary;

    public int ContextLength => 2048;

    public int Length { get; private set; }

    public void Truncate(int length) => Length = Math.Min(Length, length);

    public ReadOnlySpan<float> Run(scoped ReadOnlySpan<int> tokens)
    {
        Length += tokens.Length;
        return Fill(1);
    }

    public ReadOnlySpan<float> RunBranches(scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> parents) => Fill(tokens.Length);

    public void KeepBranch(scoped ReadOnlySpan<int> path) => Length += path.Length;

    public void Dispose()
    {
    }

    private float[] Fill(int rows)
    {
        if (_logits.Length != rows * vocabulary)
        {
            _logits = new float[rows * vocabulary];
        }

        for (int i = 0; i < _logits.Length; i++)
        {
            _logits[i] = _random.NextSingle();
        }

        return _logits;
    }
}
