namespace Edge.Runtime.Models;

/// <summary>
/// How a model wants to be asked and how it writes calls: a conversation's template and a call syntax. A folder's manifest names it.
/// </summary>
/// <param name="Name">As manifests and <c>--dialect</c> write it.</param>
/// <param name="Calls">What a call looks like, for people.</param>
/// <param name="Ends">Special tokens that end an answer, the first that the vocabulary has; where it has none, config.json's end token does.</param>
/// <param name="Markers">Special tokens that its prompts and answers are made of; a stand-in vocabulary carries them.</param>
public sealed record Dialect(string Name, string Calls, IReadOnlyList<string> Ends, IReadOnlyList<string> Markers)
{
    /// <summary>The shipped model's.</summary>
    public static readonly Dialect Edge = new(
        "edge", "<|call|>{\"name\":…,\"arguments\":{…}}", ["<|end|>"],
        ["<s>", "</s>", "<|tools|>", "<|user|>", "<|assistant|>", "<|call|>", "<|result|>", "<|say|>", "<|end|>"]);

    /// <summary>Qwen, Hermes, SmolLM2: functions in the system turn, calls between tags.</summary>
    public static readonly Dialect ChatMl = new(
        "chatml", "<tool_call>{\"name\": …, \"arguments\": {…}}</tool_call>", ["<|im_end|>"], ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]);

    /// <summary>Trelis' models: functions before the instruction.</summary>
    public static readonly Dialect Trelis = new(
        "trelis", "{\"function\": …, \"arguments\": {…}}", ["<|EOT|>", "</s>"], ["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<|EOT|>"]);

    public static readonly Dialect LlamaJson = new(
        "llama-json", "{\"name\": …, \"parameters\": {…}}", ["<|eot_id|>"],
        ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eom_id|>", "<|eot_id|>", "<|python_tag|>"]);

    public static readonly Dialect LlamaPythonic = LlamaJson with { Name = "llama-pythonic", Calls = "[f(a=1, b=\"x\")]" };

    public static readonly Dialect FunctionGemma = new(
        "functiongemma", "<start_function_call>call:f{a:1,b:<escape>x<escape>}<end_function_call>", ["<end_of_turn>"],
        [
            "<eos>", "<bos>", "<start_of_turn>", "<end_of_turn>", "<start_function_declaration>", "<end_function_declaration>",
            "<start_function_call>", "<end_function_call>", "<start_function_response>", "<end_function_response>", "<escape>",
        ]);

    /// <summary>
    /// Between two calls of a plain chat model. Models that write a line break before their end, or would rather go on with one, get another sign: a
    /// line break would be the start of a further call.
    /// </summary>
    public string BetweenCalls { get; init; } = "\n";

    /// <summary>TinyLlama, Zephyr: a plain chat model, shown by examples how to call.</summary>
    public static readonly Dialect Zephyr = new("zephyr", PlainCalls, ["</s>"], ["<s>", "</s>"]);

    /// <summary>Phi-2: the same, with its <c>Instruct:</c> and <c>Output:</c>.</summary>
    public static readonly Dialect Phi = new("phi", PlainCalls, ["<|endoftext|>"], ["<|endoftext|>"]) { BetweenCalls = "; " };

    public static readonly Dialect OpenChat = new("openchat", PlainCalls, ["<|end_of_turn|>"], ["<s>", "</s>", "<|end_of_turn|>"]);

    public static readonly Dialect DeepSeek = new("deepseek", PlainCalls, ["<|EOT|>"], Trelis.Markers) { BetweenCalls = "; " };

    public static readonly Dialect Gemma = new("gemma", PlainCalls, ["<end_of_turn>"], ["<eos>", "<bos>", "<start_of_turn>", "<end_of_turn>"]);

    private const string PlainCalls = "{\"name\": …, \"arguments\": {…}}, shown by examples";

    public static IReadOnlyList<Dialect> All { get; } =
        [Edge, ChatMl, Trelis, LlamaJson, LlamaPythonic, FunctionGemma, Zephyr, Phi, OpenChat, DeepSeek, Gemma];

    public static string Names => string.Join(", ", All.Select(d => d.Name));

    public static Dialect? Find(string name) => All.FirstOrDefault(d => d.Name == name);
}
