namespace Edge.Runtime.Inference;

/// <summary>One answer of the model and what it cost.</summary>
public sealed record DecodedAnswer(
    int[] Tokens,
    StopReason Stop,
    double PrefillMs,
    double DecodeMs,
    int PromptTokens,
    int CachedTokens,
    int DecodedTokens,
    int ForcedTokens,
    int ModelSteps);
