namespace Edge.Runtime.Prompts.Jinja;

/// <summary>Something that has a value.</summary>
/// <param name="Line">Where it stands.</param>
internal abstract record Expression(int Line)
{
    public abstract object? Evaluate(Scope scope);

    protected TemplateException Fault(string what) => new(what, Line);
}

internal sealed record Literal(object? Value, int Line) : Expression(Line)
{
    public override object? Evaluate(Scope scope) => Value;
}

internal sealed record Variable(string Name, int Line) : Expression(Line)
{
    public override object? Evaluate(Scope scope) => scope[Name];
}

internal sealed record ListOf(IReadOnlyList<Expression> Items, int Line) : Expression(Line)
{
    public override object? Evaluate(Scope scope) => Items.Select(i => i.Evaluate(scope)).ToList();
}

internal sealed record MapOf(IReadOnlyList<(Expression Key, Expression Value)> Items, int Line) : Expression(Line)
{
    public override object? Evaluate(Scope scope)
    {
        var map = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in Items)
        {
            map[Values.ToText(key.Evaluate(scope), Line)] = value.Evaluate(scope);
        }

        return map;
    }
}

/// <summary><c>a.b</c> and <c>a[b]</c>.</summary>
internal sealed record Member(Expression Of, Expression Key, int Line) : Expression(Line)
{
    public override object? Evaluate(Scope scope)
    {
        object? key = Key.Evaluate(scope);
        switch (Of.Evaluate(scope))
        {
            case OrderedDictionary<string, object?> map when key is string name:
                return map.TryGetValue(name, out object? value) ? value : Undefined.Value;
            case List<object?> list when key is long at:
                at += at < 0 ? list.Count : 0;
                return at >= 0 && at < list.Count ? list[(int)at] : Undefined.Value;
            case string text when key is long at:
                at += at < 0 ? text.Length : 0;
                return at >= 0 && at < text.Length ? text[(int)at].ToString() : Undefined.Value;
            case null or Undefined:
                throw Fault($"{(key is string wanted ? wanted : "an item")} is asked of something that is not there");
            default:
                return Undefined.Value;
        }
    }
}

/// <summary><c>a[from:to:step]</c></summary>
internal sealed record Slice(Expression Of, Expression? From, Expression? To, Expression? By, int Line) : Expression(Line)
{
    public override object? Evaluate(Scope scope)
    {
        object? value = Of.Evaluate(scope);
        int count = value switch { List<object?> l => l.Count, string s => s.Length, _ => throw Fault("only lists and texts have slices") };
        long by = Whole(By, scope) ?? 1;
        if (by == 0)
        {
            throw Fault("a slice has a step of 0");
        }

        long from = Whole(From, scope) is { } f ? Clamp(f) : by > 0 ? 0 : count - 1;
        long to = Whole(To, scope) is { } t ? Clamp(t) : by > 0 ? count : -1;
        var places = new List<int>();
        for (long at = from; by > 0 ? at < to : at > to; at += by)
        {
            if (at >= 0 && at < count)
            {
                places.Add((int)at);
            }
        }

        return value is string text ? string.Concat(places.Select(p => text[p])) : places.ConvertAll(p => ((List<object?>)value)[p]);

        long Clamp(long place) => place < 0 ? Math.Max(place + count, by > 0 ? 0 : -1) : Math.Min(place, by > 0 ? count : count - 1);
    }

    private long? Whole(Expression? place, Scope scope) => place?.Evaluate(scope) switch
    {
        null => null,
        long number => number,
        _ => throw Fault("a slice needs whole numbers"),
    };
}

/// <summary><c>f(a, b, name=c)</c>; methods are functions of their object.</summary>
internal sealed record Call(Expression Function, IReadOnlyList<Expression> Arguments, IReadOnlyList<(string Name, Expression Value)> Named, int Line) : Expression(Line)
{
    public override object? Evaluate(Scope scope)
    {
        scope.Rendering.Step(Line);
        List<object?> arguments = [.. Arguments.Select(a => a.Evaluate(scope))];
        var named = Named.ToDictionary(n => n.Name, n => n.Value.Evaluate(scope), StringComparer.Ordinal);
        if (Function is Variable variable)
        {
            return scope[variable.Name] is Macro macro ? macro.Call(arguments, named, scope) : Functions.Call(variable.Name, arguments, named, Line);
        }

        if (Function is Member { Key: Literal { Value: string method } } member)
        {
            return Functions.CallMethod(member.Of.Evaluate(scope), method, arguments, Line);
        }

        throw Fault("only functions and methods are called");
    }
}

/// <summary><c>a | name(b)</c></summary>
internal sealed record Filter(Expression Of, string Name, IReadOnlyList<Expression> Arguments, IReadOnlyList<(string Name, Expression Value)> Named, int Line) : Expression(Line)
{
    public override object? Evaluate(Scope scope) => Functions.Filter(
        Of.Evaluate(scope), Name, [.. Arguments.Select(a => a.Evaluate(scope))], Named.ToDictionary(n => n.Name, n => n.Value.Evaluate(scope), StringComparer.Ordinal), Line);
}

/// <summary><c>a is name</c></summary>
internal sealed record Test(Expression Of, string Name, Expression? Argument, bool Negated, int Line) : Expression(Line)
{
    public override object? Evaluate(Scope scope) => Functions.Test(Of.Evaluate(scope), Name, Argument?.Evaluate(scope), Line) != Negated;
}

internal sealed record Choice(Expression Condition, Expression Then, Expression? Else, int Line) : Expression(Line)
{
    public override object? Evaluate(Scope scope) => Values.IsTrue(Condition.Evaluate(scope)) ? Then.Evaluate(scope) : Else is null ? Undefined.Value : Else.Evaluate(scope);
}

internal sealed record Not(Expression Of, int Line) : Expression(Line)
{
    public override object? Evaluate(Scope scope) => !Values.IsTrue(Of.Evaluate(scope));
}

internal sealed record Binary(string Operator, Expression Left, Expression Right, int Line) : Expression(Line)
{
    public override object? Evaluate(Scope scope)
    {
        object? left = Left.Evaluate(scope);
        switch (Operator)
        {
            case "and":
                return Values.IsTrue(left) ? Right.Evaluate(scope) : left;
            case "or":
                return Values.IsTrue(left) ? left : Right.Evaluate(scope);
        }

        object? right = Right.Evaluate(scope);
        return Operator switch
        {
            "==" => Values.AreEqual(left, right),
            "!=" => !Values.AreEqual(left, right),
            "in" => Contains(right, left),
            "not in" => !Contains(right, left),
            "~" => Join(Values.ToText(left, Line), Values.ToText(right, Line)),
            "<" => Compare(left, right) < 0,
            "<=" => Compare(left, right) <= 0,
            ">" => Compare(left, right) > 0,
            ">=" => Compare(left, right) >= 0,
            "+" when left is string a && right is string b => Join(a, b),
            "+" when left is List<object?> a && right is List<object?> b => Join(a, b),
            _ => Arithmetic(left, right),
        };
    }

    private string Join(string a, string b) =>
        a.Length + b.Length <= Rendering.CharsMax ? a + b : throw Fault($"a text becomes longer than {Rendering.CharsMax} characters");

    private List<object?> Join(List<object?> a, List<object?> b) =>
        a.Count + b.Count <= Rendering.ItemsMax ? [.. a, .. b] : throw Fault($"a list becomes longer than {Rendering.ItemsMax} items");

    private bool Contains(object? whole, object? part) => whole switch
    {
        string text => part is string s && text.Contains(s, StringComparison.Ordinal),
        List<object?> list => list.Any(i => Values.AreEqual(i, part)),
        OrderedDictionary<string, object?> map => part is string name && map.ContainsKey(name),
        _ => throw Fault("\"in\" needs a text, a list or an object"),
    };

    private int Compare(object? left, object? right) => left is string a && right is string b ? string.CompareOrdinal(a, b)
        : Values.TryNumber(left, out double m) && Values.TryNumber(right, out double n) ? m.CompareTo(n)
        : throw Fault($"\"{Operator}\" compares two numbers or two texts");

    private object Arithmetic(object? left, object? right)
    {
        if (left is long a && right is long b && Operator != "/")
        {
            return Operator switch
            {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "//" when b != 0 => (long)Math.Floor((double)a / b),
                "%" when b != 0 => ((a % b) + b) % b,
                _ => throw Fault($"\"{Operator}\" cannot be done with {a} and {b}"),
            };
        }

        return Values.TryNumber(left, out double m) && Values.TryNumber(right, out double n)
            ? Operator switch
            {
                "+" => m + n,
                "-" => m - n,
                "*" => m * n,
                "/" when n != 0 => m / n,
                _ => throw Fault($"\"{Operator}\" cannot be done with these numbers"),
            }
            : throw Fault($"\"{Operator}\" is given what is neither two numbers nor two texts");
    }
}
