using System.Globalization;

namespace Edge.Runtime.Prompts.Jinja;

/// <summary>Reads expressions, loosest binding first: choice, or, and, not, comparison, ~, sum, product, filters and tests, members and calls.</summary>
internal sealed class ExpressionParser(List<ExpressionToken> tokens, int line)
{
    private const int DepthMax = 64;

    private int _at;
    private int _depth;

    public ExpressionParser(string text, int line)
        : this(ExpressionLexer.Cut(text, line), line)
    {
    }

    private ExpressionToken Current => tokens[_at];

    public bool IsAtEnd => Current.Type == TokenType.End;

    public Expression Parse()
    {
        if (++_depth > DepthMax)
        {
            throw Fault($"expressions are nested more than {DepthMax} times");
        }

        var value = ParseOr();
        if (TryName("if"))
        {
            var condition = ParseOr();
            value = new Choice(condition, value, TryName("else") ? Parse() : null, line);
        }

        _depth--;
        return value;
    }

    /// <summary>A loop's list ends where its "if" begins.</summary>
    public Expression ParseWithoutChoice() => ParseOr();

    public bool TryName(string name)
    {
        bool found = Current.Type == TokenType.Name && Current.Text == name;
        _at += found ? 1 : 0;
        return found;
    }

    public bool TryOperator(string op)
    {
        bool found = Current.Type == TokenType.Operator && Current.Text == op;
        _at += found ? 1 : 0;
        return found;
    }

    public string Name()
    {
        if (Current.Type != TokenType.Name)
        {
            throw Fault($"a name is wanted where \"{Current.Text}\" stands");
        }

        return tokens[_at++].Text;
    }

    public void Expect(string op)
    {
        if (!TryOperator(op))
        {
            throw Fault($"\"{op}\" is wanted where \"{Current.Text}\" stands");
        }
    }

    public void End()
    {
        if (!IsAtEnd)
        {
            throw Fault($"\"{Current.Text}\" is not understood here");
        }
    }

    public TemplateException Fault(string what) => new(what, line);

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (TryName("or"))
        {
            left = new Binary("or", left, ParseAnd(), line);
        }

        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (TryName("and"))
        {
            left = new Binary("and", left, ParseNot(), line);
        }

        return left;
    }

    private Expression ParseNot() => TryName("not") ? new Not(ParseNot(), line) : ParseComparison();

    private Expression ParseComparison()
    {
        var left = ParseJoin();
        while (true)
        {
            if (TryComparison() is not { } op)
            {
                return left;
            }

            left = new Binary(op, left, ParseJoin(), line);
        }
    }

    private string? TryComparison()
    {
        foreach (string op in (ReadOnlySpan<string>)["==", "!=", "<=", ">=", "<", ">"])
        {
            if (TryOperator(op))
            {
                return op;
            }
        }

        if (TryName("in"))
        {
            return "in";
        }

        if (Current is { Type: TokenType.Name, Text: "not" } && tokens[_at + 1] is { Type: TokenType.Name, Text: "in" })
        {
            _at += 2;
            return "not in";
        }

        return null;
    }

    private Expression ParseJoin() => ParseChain(ParseSum, "~");

    private Expression ParseSum() => ParseChain(ParseProduct, "+", "-");

    private Expression ParseProduct() => ParseChain(ParseUnary, "*", "/", "//", "%");

    private Expression ParseChain(Func<Expression> part, params string[] operators)
    {
        var left = part();
        while (Array.Find(operators, TryOperator) is { } op)
        {
            left = new Binary(op, left, part(), line);
        }

        return left;
    }

    private Expression ParseUnary() => TryOperator("-") ? new Binary("-", new Literal(0L, line), ParseUnary(), line) : ParseFiltered();

    private Expression ParseFiltered()
    {
        var value = ParsePostfix(ParsePrimary());
        while (true)
        {
            if (TryOperator("|"))
            {
                string name = Name();
                var (arguments, named) = TryOperator("(") ? ParseArguments() : ([], []);
                value = ParsePostfix(new Filter(value, name, arguments, named, line));
            }
            else if (TryName("is"))
            {
                bool negated = TryName("not");
                value = new Test(value, Name(), TryTestArgument(), negated, line);
            }
            else
            {
                return value;
            }
        }
    }

    private Expression? TryTestArgument()
    {
        if (TryOperator("("))
        {
            var argument = Parse();
            Expect(")");
            return argument;
        }

        return tokens[_at - 1].Text is "equalto" or "eq" or "ne" or "in" ? ParseSum() : null;
    }

    private Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            if (TryOperator("."))
            {
                value = new Member(value, new Literal(Name(), line), line);
            }
            else if (TryOperator("["))
            {
                value = ParseSubscript(value);
            }
            else if (TryOperator("("))
            {
                var (arguments, named) = ParseArguments();
                value = new Call(value, arguments, named, line);
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ParseSubscript(Expression of)
    {
        var from = Current is { Type: TokenType.Operator, Text: ":" } ? null : Parse();
        if (TryOperator("]"))
        {
            return new Member(of, from!, line);
        }

        Expect(":");
        var to = Current is { Type: TokenType.Operator, Text: ":" or "]" } ? null : Parse();
        var by = TryOperator(":") && Current is not { Type: TokenType.Operator, Text: "]" } ? Parse() : null;
        Expect("]");
        return new Slice(of, from, to, by, line);
    }

    private (List<Expression> Arguments, List<(string Name, Expression Value)> Named) ParseArguments()
    {
        List<Expression> arguments = [];
        List<(string, Expression)> named = [];
        while (!TryOperator(")"))
        {
            if (Current.Type == TokenType.Name && tokens[_at + 1] is { Type: TokenType.Operator, Text: "=" })
            {
                string name = Name();
                Expect("=");
                named.Add((name, Parse()));
            }
            else
            {
                arguments.Add(Parse());
            }

            if (!TryOperator(","))
            {
                Expect(")");
                break;
            }
        }

        return (arguments, named);
    }

    private Expression ParsePrimary()
    {
        var token = tokens[_at++];
        switch (token.Type)
        {
            case TokenType.Text:
                return new Literal(token.Text, line);
            case TokenType.Number:
                return new Literal(long.TryParse(token.Text, CultureInfo.InvariantCulture, out long whole) ? (object)whole : double.Parse(token.Text, CultureInfo.InvariantCulture), line);
            case TokenType.Name:
                return token.Text switch
                {
                    "true" or "True" => new Literal(true, line),
                    "false" or "False" => new Literal(false, line),
                    "none" or "None" => new Literal(null, line),
                    var name => new Variable(name, line),
                };
            case TokenType.Operator when token.Text == "(":
                var inner = Parse();
                if (TryOperator(","))
                {
                    return new ListOf([inner, .. ParseItems(")")], line);
                }

                Expect(")");
                return inner;
            case TokenType.Operator when token.Text == "[":
                return new ListOf(ParseItems("]"), line);
            case TokenType.Operator when token.Text == "{":
                return ParseMap();
            default:
                throw Fault(token.Type == TokenType.End ? "an expression ends too early" : $"\"{token.Text}\" is not understood here");
        }
    }

    private List<Expression> ParseItems(string closer)
    {
        List<Expression> items = [];
        while (!TryOperator(closer))
        {
            items.Add(Parse());
            if (!TryOperator(","))
            {
                Expect(closer);
                break;
            }
        }

        return items;
    }

    private MapOf ParseMap()
    {
        List<(Expression, Expression)> items = [];
        while (!TryOperator("}"))
        {
            var key = Parse();
            Expect(":");
            items.Add((key, Parse()));
            if (!TryOperator(","))
            {
                Expect("}");
                break;
            }
        }

        return new MapOf(items, line);
    }
}
