namespace Edge.Runtime.Prompts.Jinja;

/// <summary>
/// A chat template as <c>tokenizer_config.json</c> carries it: the part of Jinja that such templates use. What is not there is refused by name when
/// the template is read or, where it depends on values, when it is used. One thread.
/// </summary>
public sealed class JinjaTemplate
{
    private readonly IReadOnlyList<Statement> _body;

    /// <exception cref="TemplateException">The template is malformed or uses what Edge does not have.</exception>
    public JinjaTemplate(string source) => _body = TemplateParser.Parse(source);

    /// <param name="values">See <see cref="Values"/>.</param>
    /// <exception cref="TemplateException">The template refuses the values, or does what it cannot.</exception>
    internal string Render(params IEnumerable<(string Name, object? Value)> values)
    {
        var rendering = new Rendering();
        var scope = new Scope(null, rendering);
        foreach (var (name, value) in values)
        {
            scope[name] = value;
        }

        Statement.RenderAll(_body, scope);
        return rendering.Output.ToString();
    }
}
