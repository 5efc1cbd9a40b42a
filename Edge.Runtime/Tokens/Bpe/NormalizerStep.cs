using Canonical = Edge.Runtime.Tokens.Unicode.Composition;

namespace Edge.Runtime.Tokens.Bpe;

/// <summary>One thing that is done to a text before it is split.</summary>
internal abstract record NormalizerStep
{
    private NormalizerStep()
    {
    }

    /// <param name="text">Never empty.</param>
    /// <param name="isFirst">Nothing comes before the text in its prompt.</param>
    public abstract string Apply(string text, bool isFirst);

    /// <summary>Unicode's canonical composition.</summary>
    public sealed record Composition : NormalizerStep
    {
        public override string Apply(string text, bool isFirst) => Canonical.Apply(text);
    }

    /// <summary>Writes one string in place of another.</summary>
    public sealed record Replacement(string Old, string New) : NormalizerStep
    {
        public override string Apply(string text, bool isFirst) => text.Replace(Old, New, StringComparison.Ordinal);
    }

    /// <summary>Puts a string before the text.</summary>
    /// <param name="Prefix">What to put there.</param>
    /// <param name="UnlessThere">Not where the text starts with it.</param>
    /// <param name="OnlyFirst">Only where nothing comes before.</param>
    public sealed record Prepending(string Prefix, bool UnlessThere, bool OnlyFirst) : NormalizerStep
    {
        public override string Apply(string text, bool isFirst) =>
            (OnlyFirst && !isFirst) || (UnlessThere && text.StartsWith(Prefix, StringComparison.Ordinal)) ? text : Prefix + text;
    }
}
