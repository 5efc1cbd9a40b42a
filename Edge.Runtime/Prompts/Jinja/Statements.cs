using System.Text;

namespace Edge.Runtime.Prompts.Jinja;

/// <summary>How a statement ends.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}

internal abstract record Statement(int Line)
{
    public abstract Flow Render(Scope scope);

    public static Flow RenderAll(IReadOnlyList<Statement> body, Scope scope)
    {
        foreach (var statement in body)
        {
            scope.Rendering.Step(statement.Line);
            if (statement.Render(scope) is var flow and not Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }

    /// <summary>What a body writes, as a text.</summary>
    protected static string Capture(IReadOnlyList<Statement> body, Scope scope)
    {
        var outer = scope.Rendering.Output;
        scope.Rendering.Output = new StringBuilder();
        RenderAll(body, scope);
        string text = scope.Rendering.Output.ToString();
        scope.Rendering.Output = outer;
        return text;
    }
}

internal sealed record Words(string Text, int Line) : Statement(Line)
{
    public override Flow Render(Scope scope)
    {
        scope.Rendering.Output.Append(Text);
        return Flow.Next;
    }
}

internal sealed record Print(Expression Value, int Line) : Statement(Line)
{
    public override Flow Render(Scope scope)
    {
        scope.Rendering.Output.Append(Values.ToText(Value.Evaluate(scope), Line));
        return Flow.Next;
    }
}

internal sealed record If(IReadOnlyList<(Expression? Condition, IReadOnlyList<Statement> Body)> Branches, int Line) : Statement(Line)
{
    public override Flow Render(Scope scope)
    {
        foreach (var (condition, body) in Branches)
        {
            if (condition is null || Values.IsTrue(condition.Evaluate(scope)))
            {
                return RenderAll(body, scope);
            }
        }

        return Flow.Next;
    }
}

internal sealed record For(IReadOnlyList<string> Names, Expression Over, Expression? Where, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Else, int Line) : Statement(Line)
{
    public override Flow Render(Scope scope)
    {
        var items = Items(Over.Evaluate(scope));
        if (Where is not null)
        {
            items = items.FindAll(item => Values.IsTrue(Where.Evaluate(Bind(item, scope))));
        }

        for (int i = 0; i < items.Count; i++)
        {
            scope.Rendering.Step(Line);
            var inner = Bind(items[i], scope);
            inner["loop"] = new OrderedDictionary<string, object?>(StringComparer.Ordinal)
            {
                ["index"] = (long)i + 1,
                ["index0"] = (long)i,
                ["first"] = i == 0,
                ["last"] = i == items.Count - 1,
                ["length"] = (long)items.Count,
                ["revindex"] = (long)items.Count - i,
                ["revindex0"] = (long)items.Count - i - 1,
                ["previtem"] = i > 0 ? items[i - 1] : Undefined.Value,
                ["nextitem"] = i + 1 < items.Count ? items[i + 1] : Undefined.Value,
            };
            if (RenderAll(Body, inner) == Flow.Break)
            {
                break;
            }
        }

        return items.Count == 0 ? RenderAll(Else, scope) : Flow.Next;
    }

    private List<object?> Items(object? over) => over switch
    {
        List<object?> list => [.. list],
        OrderedDictionary<string, object?> map => [.. map.Keys],
        string text => [.. text.Select(c => c.ToString())],
        Undefined => [],
        _ => throw new TemplateException("a loop needs a list", Line),
    };

    private Scope Bind(object? item, Scope scope)
    {
        var inner = new Scope(scope, scope.Rendering);
        if (Names.Count == 1)
        {
            inner[Names[0]] = item;
            return inner;
        }

        if (item is not List<object?> parts || parts.Count != Names.Count)
        {
            throw new TemplateException($"a loop over {string.Join(", ", Names)} needs lists of {Names.Count}", Line);
        }

        for (int i = 0; i < parts.Count; i++)
        {
            inner[Names[i]] = parts[i];
        }

        return inner;
    }
}

/// <summary><c>set name = value</c>, <c>set object.name = value</c> where the object is a namespace.</summary>
internal sealed record Set(string Name, string? Member, Expression Value, int Line) : Statement(Line)
{
    public override Flow Render(Scope scope)
    {
        object? value = Value.Evaluate(scope);
        if (Member is null)
        {
            scope[Name] = value;
        }
        else if (scope[Name] is OrderedDictionary<string, object?> space)
        {
            space[Member] = value;
        }
        else
        {
            throw new TemplateException($"{Name} is no namespace", Line);
        }

        return Flow.Next;
    }
}

internal sealed record SetBlock(string Name, IReadOnlyList<Statement> Body, int Line) : Statement(Line)
{
    public override Flow Render(Scope scope)
    {
        scope[Name] = Capture(Body, scope);
        return Flow.Next;
    }
}

internal sealed record Jump(Flow To, int Line) : Statement(Line)
{
    public override Flow Render(Scope scope) => To;
}

internal sealed record Macro(string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body, int Line) : Statement(Line)
{
    private const int DepthMax = 64;
    private int _depth;

    public override Flow Render(Scope scope)
    {
        scope[Name] = this;
        return Flow.Next;
    }

    public string Call(List<object?> arguments, Dictionary<string, object?> named, Scope scope)
    {
        if (++_depth > DepthMax)
        {
            throw new TemplateException($"{Name} calls itself more than {DepthMax} times", Line);
        }

        var inner = new Scope(scope.Global, scope.Rendering);
        for (int i = 0; i < Parameters.Count; i++)
        {
            var (name, absent) = Parameters[i];
            inner[name] = i < arguments.Count ? arguments[i] : named.TryGetValue(name, out object? value) ? value : absent is null ? Undefined.Value : absent.Evaluate(inner);
        }

        try
        {
            return Capture(Body, inner);
        }
        finally
        {
            _depth--;
        }
    }
}
