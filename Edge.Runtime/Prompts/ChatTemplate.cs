using Edge.Functions.Catalog;

namespace Edge.Runtime.Prompts;

/// <summary>How a model family wants functions and a conversation to be written.</summary>
public abstract class ChatTemplate
{
    /// <summary>The prompt after which the model's next answer begins. Users' words and results are text: special tokens in them mean nothing.</summary>
    public abstract PromptTokens Build(IReadOnlyList<FunctionDefinition> functions, IReadOnlyList<Turn> turns);
}
