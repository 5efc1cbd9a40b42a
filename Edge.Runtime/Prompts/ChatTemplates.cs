using Edge.Runtime.Models;
using Edge.Runtime.Prompts.Jinja;

namespace Edge.Runtime.Prompts;

/// <summary>Finds the template of a model folder: its own where that can list functions, else the one that Edge has for its dialect.</summary>
public static class ChatTemplates
{
    /// <exception cref="ModelException">The folder's own template is malformed or uses what Edge does not have.</exception>
    public static ChatTemplate Of(ModelFolder folder)
    {
        try
        {
            return Create(folder);
        }
        catch (Exception fault) when (fault is TemplateException or KeyNotFoundException)
        {
            throw new ModelException($"{folder.FullName} has a chat template that Edge cannot use. {fault.Message}", fault);
        }
    }

    private static ChatTemplate Create(ModelFolder folder)
    {
        var (dialect, tokenizer) = (folder.Dialect, folder.Tokenizer);
        if (dialect == Dialect.Edge)
        {
            return new EdgeTemplate(tokenizer);
        }

        if (dialect == Dialect.FunctionGemma)
        {
            return new FunctionGemmaTemplate(tokenizer);
        }

        var special = SpecialTokens(folder);
        string? own = dialect == Dialect.ChatMl || dialect == Dialect.LlamaJson ? ChatTemplateFiles.Read(folder.FullName) : null;
        if (own is not null && own.Contains("tools", StringComparison.Ordinal))
        {
            var template = new JinjaChatTemplate(own, tokenizer, special);
            template.Try();
            return template;
        }

        return new JinjaChatTemplate(BuiltInTemplates.Of(dialect, tokenizer.Vocabulary), tokenizer, special, BuiltInTemplates.IsPlain(dialect) ? new FewShot(dialect.BetweenCalls) : null);
    }

    /// <summary>What the folder calls its tokens; the beginning by config.json's id where nothing else says it.</summary>
    private static Dictionary<string, string> SpecialTokens(ModelFolder folder)
    {
        var tokens = new Dictionary<string, string>(ChatTemplateFiles.ReadSpecialTokens(folder.FullName), StringComparer.Ordinal);
        Add("bos_token", folder.Config.BosTokenId);
        Add("eos_token", folder.Config.EosTokenIds.Count > 0 ? folder.Config.EosTokenIds[0] : null);
        return tokens;

        void Add(string name, int? id)
        {
            if (!tokens.ContainsKey(name))
            {
                tokens[name] = folder.Tokenizer.Vocabulary.Special.FirstOrDefault(s => s.Value == id).Key ?? "";
            }
        }
    }
}
