namespace Edge.Runtime.Inference;

/// <summary>What ends an answer besides its end.</summary>
/// <param name="TokensMax">Tokens of one answer.</param>
public sealed record DecodeLimits(int TokensMax = 256);

/// <summary>Why decoding stopped.</summary>
public enum StopReason
{
    /// <summary>The grammar has nothing more to say, or the end token came.</summary>
    End,

    /// <summary>The answer reached its number of tokens.</summary>
    TokensMax,

    /// <summary>The deadline passed, or somebody cancelled.</summary>
    Cancelled,

    /// <summary>The model's context is full.</summary>
    ContextFull,

    /// <summary>No legal token, no numbers in the logits, or the matcher is at fault; nothing of the answer may be used.</summary>
    GrammarFault,
}
