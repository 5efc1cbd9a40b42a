namespace Edge.Runtime.Tokens.Bpe;

/// <summary>What a <c>tokenizer.json</c> says, checked.</summary>
internal sealed record TokenizerParts
{
    public required Vocabulary Vocabulary { get; init; }

    /// <summary>Done to a text in order.</summary>
    public required IReadOnlyList<NormalizerStep> Steps { get; init; }

    /// <summary>Done to the normalized text in order.</summary>
    public required IReadOnlyList<SplitRule> Splits { get; init; }

    public required Alphabet Alphabet { get; init; }

    public required Dictionary<long, RankedMerge.Merge> Merges { get; init; }

    /// <summary>Null where merges are never skipped.</summary>
    public WholePieces? Whole { get; init; }

    /// <summary>Added tokens that are text, found before normalization.</summary>
    public required IReadOnlyDictionary<string, int> Symbols { get; init; }

    /// <summary>Added tokens that are text, found in normalized text.</summary>
    public required IReadOnlyDictionary<string, int> NormalizedSymbols { get; init; }

    /// <summary>Decoding takes a space off the start.</summary>
    public required bool StripsSpace { get; init; }
}
