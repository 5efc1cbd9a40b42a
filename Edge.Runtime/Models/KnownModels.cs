namespace Edge.Runtime.Models;

/// <summary>A published model that convert has been written for.</summary>
/// <param name="Name">As verbs take it.</param>
/// <param name="Repository">On Hugging Face's hub.</param>
/// <param name="Licence">Of the weights, an SPDX name or the licence's own.</param>
/// <param name="Template">How it wants to be asked and writes calls: the name of a <see cref="Dialect"/>.</param>
/// <param name="Config">Its <c>config.json</c>, as far as it matters.</param>
public sealed record KnownModel(string Name, string Repository, string Licence, string Template, string Config)
{
    public ModelConfig Shape => ModelConfigReader.Parse(Name, Config);

    /// <summary>Bytes when it is converted to 4 bits.</summary>
    public long Bytes => ConvertedSize.At4Bits(Shape);
}

/// <summary>Where to get models, and their true shapes.</summary>
public static class KnownModels
{
    public static IReadOnlyList<KnownModel> All { get; } =
    [
        new("tinyllama", "TinyLlama/TinyLlama-1.1B-Chat-v1.0", "Apache-2.0", "zephyr", """
            {"architectures":["LlamaForCausalLM"],"hidden_size":2048,"num_hidden_layers":22,"num_attention_heads":32,"num_key_value_heads":4,
            "intermediate_size":5632,"vocab_size":32000,"max_position_embeddings":2048,"rms_norm_eps":1e-05,"rope_theta":10000.0,
            "hidden_act":"silu","tie_word_embeddings":false,"bos_token_id":1,"eos_token_id":2,"torch_dtype":"bfloat16"}
            """),
        new("trelis-tiny", "Trelis/Tiny", "DeepSeek licence", "trelis", DeepSeekCoder),
        new("deepseek-coder-1.3b", "deepseek-ai/deepseek-coder-1.3b-instruct", "DeepSeek licence", "deepseek", DeepSeekCoder),
        new("phi-2", "microsoft/phi-2", "MIT", "phi", """
            {"architectures":["PhiForCausalLM"],"hidden_size":2560,"num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":32,
            "intermediate_size":10240,"vocab_size":51200,"max_position_embeddings":2048,"layer_norm_eps":1e-05,"rope_theta":10000.0,
            "partial_rotary_factor":0.4,"hidden_act":"gelu_new","tie_word_embeddings":false,"bos_token_id":50256,"eos_token_id":50256,"torch_dtype":"float16"}
            """),
        new("openchat-3.5", "openchat/openchat_3.5", "Apache-2.0", "openchat", """
            {"architectures":["MistralForCausalLM"],"hidden_size":4096,"num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":8,
            "intermediate_size":14336,"vocab_size":32002,"max_position_embeddings":8192,"sliding_window":4096,"rms_norm_eps":1e-05,"rope_theta":10000.0,
            "hidden_act":"silu","tie_word_embeddings":false,"bos_token_id":1,"eos_token_id":32000,"torch_dtype":"bfloat16"}
            """),
        new("llama-3.2-1b", "meta-llama/Llama-3.2-1B-Instruct", "Llama 3.2 Community", "llama-json", """
            {"architectures":["LlamaForCausalLM"],"hidden_size":2048,"num_hidden_layers":16,"num_attention_heads":32,"num_key_value_heads":8,"head_dim":64,
            "intermediate_size":8192,"vocab_size":128256,"max_position_embeddings":131072,"rms_norm_eps":1e-05,"rope_theta":500000.0,
            "rope_scaling":{"factor":32.0,"high_freq_factor":4.0,"low_freq_factor":1.0,"original_max_position_embeddings":8192,"rope_type":"llama3"},
            "hidden_act":"silu","tie_word_embeddings":true,"bos_token_id":128000,"eos_token_id":[128001,128008,128009],"torch_dtype":"bfloat16"}
            """),
        new("llama-3.2-3b", "meta-llama/Llama-3.2-3B-Instruct", "Llama 3.2 Community", "llama-json", """
            {"architectures":["LlamaForCausalLM"],"hidden_size":3072,"num_hidden_layers":28,"num_attention_heads":24,"num_key_value_heads":8,"head_dim":128,
            "intermediate_size":8192,"vocab_size":128256,"max_position_embeddings":131072,"rms_norm_eps":1e-05,"rope_theta":500000.0,
            "rope_scaling":{"factor":32.0,"high_freq_factor":4.0,"low_freq_factor":1.0,"original_max_position_embeddings":8192,"rope_type":"llama3"},
            "hidden_act":"silu","tie_word_embeddings":true,"bos_token_id":128000,"eos_token_id":[128001,128008,128009],"torch_dtype":"bfloat16"}
            """),
        new("qwen2.5-0.5b", "Qwen/Qwen2.5-0.5B-Instruct", "Apache-2.0", "chatml", """
            {"architectures":["Qwen2ForCausalLM"],"hidden_size":896,"num_hidden_layers":24,"num_attention_heads":14,"num_key_value_heads":2,
            "intermediate_size":4864,"vocab_size":151936,"max_position_embeddings":32768,"rms_norm_eps":1e-06,"rope_theta":1000000.0,
            "use_sliding_window":false,"sliding_window":32768,"max_window_layers":21,
            "hidden_act":"silu","tie_word_embeddings":true,"bos_token_id":151643,"eos_token_id":151645,"torch_dtype":"bfloat16"}
            """),
        new("qwen2.5-1.5b", "Qwen/Qwen2.5-1.5B-Instruct", "Apache-2.0", "chatml", """
            {"architectures":["Qwen2ForCausalLM"],"hidden_size":1536,"num_hidden_layers":28,"num_attention_heads":12,"num_key_value_heads":2,
            "intermediate_size":8960,"vocab_size":151936,"max_position_embeddings":32768,"rms_norm_eps":1e-06,"rope_theta":1000000.0,
            "use_sliding_window":false,"sliding_window":32768,"max_window_layers":21,
            "hidden_act":"silu","tie_word_embeddings":true,"bos_token_id":151643,"eos_token_id":151645,"torch_dtype":"bfloat16"}
            """),
        new("qwen3-0.6b", "Qwen/Qwen3-0.6B", "Apache-2.0", "chatml", """
            {"architectures":["Qwen3ForCausalLM"],"hidden_size":1024,"num_hidden_layers":28,"num_attention_heads":16,"num_key_value_heads":8,"head_dim":128,
            "intermediate_size":3072,"vocab_size":151936,"max_position_embeddings":40960,"rms_norm_eps":1e-06,"rope_theta":1000000.0,
            "attention_bias":false,"use_sliding_window":false,"sliding_window":null,"max_window_layers":28,
            "hidden_act":"silu","tie_word_embeddings":true,"bos_token_id":151643,"eos_token_id":151645,"torch_dtype":"bfloat16"}
            """),
        new("smollm2", "HuggingFaceTB/SmolLM2-360M-Instruct", "Apache-2.0", "chatml", """
            {"architectures":["LlamaForCausalLM"],"hidden_size":960,"num_hidden_layers":32,"num_attention_heads":15,"num_key_value_heads":5,
            "intermediate_size":2560,"vocab_size":49152,"max_position_embeddings":8192,"rms_norm_eps":1e-05,"rope_theta":100000.0,
            "hidden_act":"silu","tie_word_embeddings":true,"bos_token_id":1,"eos_token_id":2,"torch_dtype":"bfloat16"}
            """),
        new("gemma-3-270m", "google/gemma-3-270m-it", "Gemma terms", "gemma", """
            {"architectures":["Gemma3ForCausalLM"],"hidden_size":640,"num_hidden_layers":18,"num_attention_heads":4,"num_key_value_heads":1,"head_dim":256,
            "intermediate_size":2048,"vocab_size":262144,"max_position_embeddings":32768,"rms_norm_eps":1e-06,"rope_theta":1000000.0,
            "rope_local_base_freq":10000.0,"sliding_window":512,"query_pre_attn_scalar":256,"hidden_activation":"gelu_pytorch_tanh",
            "bos_token_id":2,"eos_token_id":[1,106],"torch_dtype":"bfloat16"}
            """),
        new("functiongemma-270m", "google/functiongemma-270m-it", "Gemma terms", "functiongemma", """
            {"architectures":["Gemma3ForCausalLM"],"hidden_size":640,"num_hidden_layers":18,"num_attention_heads":4,"num_key_value_heads":1,"head_dim":256,
            "intermediate_size":2048,"vocab_size":262144,"max_position_embeddings":32768,"rms_norm_eps":1e-06,"rope_theta":1000000.0,
            "rope_local_base_freq":10000.0,"sliding_window":512,"query_pre_attn_scalar":256,"hidden_activation":"gelu_pytorch_tanh",
            "bos_token_id":2,"eos_token_id":[1,50,106],"torch_dtype":"bfloat16"}
            """),
    ];

    private const string DeepSeekCoder = """
        {"architectures":["LlamaForCausalLM"],"hidden_size":2048,"num_hidden_layers":24,"num_attention_heads":16,"num_key_value_heads":16,
        "intermediate_size":5504,"vocab_size":32256,"max_position_embeddings":16384,"rms_norm_eps":1e-06,"rope_theta":100000.0,
        "rope_scaling":{"factor":4.0,"type":"linear"},
        "hidden_act":"silu","tie_word_embeddings":false,"bos_token_id":32013,"eos_token_id":32021,"torch_dtype":"bfloat16"}
        """;

    public static KnownModel? Find(string name) => All.FirstOrDefault(m => m.Name == name);
}
