using Edge.Runtime.Models;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Prompts;

/// <summary>
/// Templates for models whose folder has none that lists functions. The marks and the shape of a conversation are the family's own, from its model
/// card; the words between them are Edge's.
/// </summary>
internal static class BuiltInTemplates
{
    private const string ChatMl = """
        {%- if tools %}
        {{- '<|im_start|>system\nYou do what the user asks by calling functions. These are the functions:\n<tools>' }}
        {%- for tool in tools %}{{ '\n' + tool | tojson }}{% endfor %}
        {{- '\n</tools>\n\nFor each call write:\n<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call><|im_end|>\n' }}
        {%- endif %}
        {%- for message in messages %}
        {%- if message.role == 'tool' %}
        {{- '' if not loop.first and loop.previtem.role == 'tool' else '<|im_start|>user' }}
        {{- '\n<tool_response>\n' + message.content + '\n</tool_response>' }}
        {{- '' if not loop.last and loop.nextitem.role == 'tool' else '<|im_end|>\n' }}
        {%- else %}
        {{- '<|im_start|>' + message.role + '\n' + message.content }}
        {%- for call in message.tool_calls or [] %}
        {{- ('' if loop.first else '\n') + '<tool_call>\n{"name": ' + call.function.name | tojson + ', "arguments": ' + call.function.arguments | tojson + '}\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\n' }}
        {%- endif %}
        {%- endfor %}
        {{- '<|im_start|>assistant\n' }}
        """;

    private const string LlamaHead = """
        {{- bos_token }}
        {%- if tools %}
        """;

    private const string LlamaTurns = """
        {%- for tool in tools %}{{ tool | tojson(indent=4) + '\n\n' }}{% endfor %}
        {{- '<|eot_id|>' }}
        {%- endif %}
        {%- for message in messages %}
        {%- if message.role == 'tool' %}
        {{- '<|start_header_id|>ipython<|end_header_id|>\n\n' + {'output': message.content} | tojson + '<|eot_id|>' }}
        {%- elif message.tool_calls %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' + CALLS + '<|eot_id|>' }}
        {%- else %}
        {{- '<|start_header_id|>' + message.role + '<|end_header_id|>\n\n' + message.content + '<|eot_id|>' }}
        {%- endif %}
        {%- endfor %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
        """;

    private const string LlamaJson = """
        {%- macro calls(all) %}{% for call in all %}{{ ('' if loop.first else '; ') + '{"name": ' + call.function.name | tojson + ', "parameters": ' + call.function.arguments | tojson + '}' }}{% endfor %}{% endmacro %}
        """ + LlamaHead + """
        {{- '<|start_header_id|>system<|end_header_id|>\n\nEnvironment: ipython\n\nYou do what the user asks by calling functions. Write a call as {"name": function name, "parameters": dictionary of argument name and its value}; do not use variables. These are the functions:\n\n' }}
        """;

    private const string LlamaPythonic = """
        {%- macro value(v) %}{{ 'None' if v is none else 'True' if v is true else 'False' if v is false else v | tojson }}{% endmacro %}
        {%- macro calls(all) %}[{% for call in all %}{{ ('' if loop.first else ', ') + call.function.name + '(' }}{% for name, v in call.function.arguments.items() %}{{ ('' if loop.first else ', ') + name + '=' + value(v) }}{% endfor %}){% endfor %}]{% endmacro %}
        """ + LlamaHead + """
        {{- '<|start_header_id|>system<|end_header_id|>\n\nYou do what the user asks by calling functions. Write calls as [func_name1(param_name1=value1, param_name2=value2), func_name2(param_name1=value1)] and nothing else. These are the functions:\n\n' }}
        """;

    private const string Trelis = """
        {{- bos_token }}
        {%- if tools %}{{ '<FUNCTIONS>' + tools | tojson(indent=4) + '</FUNCTIONS>\n\n' }}{% endif %}
        {%- for message in messages %}
        {%- if message.role == 'user' %}{{ BEFORE + message.content + AFTER }}
        {%- elif message.role == 'tool' %}
        {{- '\n' if not loop.first and loop.previtem.role == 'tool' else BEFORE + 'Result: ' }}
        {{- message.content }}
        {{- '' if not loop.last and loop.nextitem.role == 'tool' else AFTER }}
        {%- else %}
        {{- message.content }}
        {%- for call in message.tool_calls or [] %}{{ ('' if loop.first else '; ') + '{"function": ' + call.function.name | tojson + ', "arguments": ' + call.function.arguments | tojson + '}' }}{% endfor %}
        {{- END }}
        {%- endif %}
        {%- endfor %}
        """;

    private const string Zephyr = """
        {{- bos_token }}
        {%- for message in messages %}{{ '<|' + message.role + '|>\n' + message.content + '</s>\n' }}{% endfor %}
        {{- '<|assistant|>\n' }}
        """;

    private const string Phi = """
        {%- for message in messages %}
        {%- if message.role == 'system' %}{{ message.content + '\n\n' }}
        {%- elif message.role == 'user' %}{{ 'Instruct: ' + message.content + '\nOutput:\n' }}
        {%- else %}{{ message.content + '\n\n' }}
        {%- endif %}
        {%- endfor %}
        """;

    private const string OpenChat = """
        {{- bos_token }}
        {%- for message in messages %}
        {%- if message.role == 'system' %}{{ message.content + '<|end_of_turn|>' }}
        {%- elif message.role == 'user' %}{{ 'GPT4 Correct User: ' + message.content + '<|end_of_turn|>GPT4 Correct Assistant:\n' }}
        {%- else %}{{ message.content + '<|end_of_turn|>' }}
        {%- endif %}
        {%- endfor %}
        """;

    private const string DeepSeek = """
        {{- bos_token }}
        {%- for message in messages %}
        {%- if message.role == 'system' %}{{ message.content + '\n' }}
        {%- elif message.role == 'user' %}{{ '### Instruction:\n' + message.content + '\n### Response:\n' }}
        {%- else %}{{ message.content + '\n<|EOT|>\n' }}
        {%- endif %}
        {%- endfor %}
        """;

    // Gemma has no system turn: what would stand there begins the first user's turn.
    private const string Gemma = """
        {{- bos_token }}
        {%- for message in messages %}
        {%- if message.role == 'system' %}{{ '<start_of_turn>user\n' + message.content + '\n\n' }}
        {%- elif message.role == 'user' %}{{ ('' if not loop.first and loop.previtem.role == 'system' else '<start_of_turn>user\n') + message.content + '<end_of_turn>\n<start_of_turn>model\n' }}
        {%- else %}{{ message.content + '<end_of_turn>\n' }}
        {%- endif %}
        {%- endfor %}
        """;

    /// <summary>Models that were not trained to call functions and are shown how.</summary>
    public static bool IsPlain(Dialect dialect) => dialect.Name is "zephyr" or "phi" or "openchat" or "deepseek" or "gemma";

    public static string Of(Dialect dialect, Vocabulary vocabulary) => dialect.Name switch
    {
        "chatml" => ChatMl,
        "llama-json" => LlamaJson + LlamaTurns.Replace("CALLS", "calls(message.tool_calls)", StringComparison.Ordinal),
        "llama-pythonic" => LlamaPythonic + LlamaTurns.Replace("CALLS", "calls(message.tool_calls)", StringComparison.Ordinal),
        "trelis" => TrelisOf(vocabulary),
        "zephyr" => Zephyr,
        "phi" => Phi,
        "openchat" => OpenChat,
        "deepseek" => DeepSeek,
        "gemma" => Gemma,
        _ => throw new ArgumentException($"The dialect {dialect.Name} has a template of its own.", nameof(dialect)),
    };

    /// <summary>Trelis wraps an instruction as the model it was made of does: DeepSeek Coder's way, or Llama 2's.</summary>
    private static string TrelisOf(Vocabulary vocabulary)
    {
        var (before, after, end) = vocabulary.Special.ContainsKey("<|EOT|>")
            ? ("'### Instruction:\\n'", "'\\n### Response:\\n'", "'\\n<|EOT|>\\n'")
            : ("'[INST] '", "' [/INST]\\n\\n'", "eos_token");
        return Trelis.Replace("BEFORE", before, StringComparison.Ordinal).Replace("AFTER", after, StringComparison.Ordinal).Replace("END", end, StringComparison.Ordinal);
    }
}
