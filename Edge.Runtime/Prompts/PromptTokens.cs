namespace Edge.Runtime.Prompts;

/// <summary>A prompt as token ids.</summary>
/// <param name="Ids">All of it, up to where the model's answer begins.</param>
/// <param name="Prefix">How many of them depend on the catalogue alone; their keys and values are worth keeping.</param>
public sealed record PromptTokens(int[] Ids, int Prefix);
