using Edge.Runtime.Tokens;

namespace Edge.Runtime.Models;

/// <summary>
/// Finds out how the model of a Hugging Face folder speaks: by what its chat template writes, else by the special tokens of its vocabulary, else by
/// its architecture.
/// </summary>
internal static class DialectFinder
{
    /// <summary>In <c>tokenizer_config.json</c> of folders that Edge wrote.</summary>
    public const string Key = "edge_dialect";

    /// <summary>What a template writes gives its family away; the first that is found counts.</summary>
    private static readonly (string Mark, Dialect Dialect)[] _byTemplate =
    [
        ("<start_function_call>", Dialect.FunctionGemma),
        ("<FUNCTIONS>", Dialect.Trelis),
        ("function_metadata", Dialect.Trelis),
        ("<|start_header_id|>", Dialect.LlamaJson),
        ("<|im_start|>", Dialect.ChatMl),
        ("GPT4 Correct", Dialect.OpenChat),
        ("### Instruction:", Dialect.DeepSeek),
        ("<start_of_turn>", Dialect.Gemma),
        ("<|user|>", Dialect.Zephyr),
    ];

    private static readonly (string Token, Dialect Dialect)[] _byToken =
    [
        ("<|call|>", Dialect.Edge),
        ("<start_function_call>", Dialect.FunctionGemma),
        ("<|start_header_id|>", Dialect.LlamaJson),
        ("<|im_start|>", Dialect.ChatMl),
        ("<|end_of_turn|>", Dialect.OpenChat),
        ("<|EOT|>", Dialect.DeepSeek),
        ("<start_of_turn>", Dialect.Gemma),
    ];

    /// <param name="folder">A Hugging Face folder, or one in onnxruntime-genai's layout.</param>
    /// <exception cref="ModelException">A template file is unreadable or malformed.</exception>
    public static Dialect Find(string folder, string architecture, Vocabulary vocabulary)
    {
        if (vocabulary.Special.ContainsKey("<|call|>") && vocabulary.Special.ContainsKey("<|tools|>"))
        {
            return Dialect.Edge;
        }

        if (ChatTemplateFiles.ReadText(folder, Key) is { } name && Dialect.Find(name) is { } noted)
        {
            return noted;
        }

        string template = ChatTemplateFiles.Read(folder) ?? "";
        return _byTemplate.FirstOrDefault(m => template.Contains(m.Mark, StringComparison.Ordinal)).Dialect
            ?? (architecture == "PhiForCausalLM" ? Dialect.Phi : null)
            ?? _byToken.FirstOrDefault(m => vocabulary.Special.ContainsKey(m.Token)).Dialect
            ?? Dialect.Zephyr;
    }
}
