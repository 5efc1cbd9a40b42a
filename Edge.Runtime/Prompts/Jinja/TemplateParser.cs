namespace Edge.Runtime.Prompts.Jinja;

/// <summary>Reads statements: if, for, set, macro, break, continue, and what stands between them.</summary>
internal sealed class TemplateParser(List<Segment> segments)
{
    private const int DepthMax = 64;

    private int _at;
    private int _depth;

    public static IReadOnlyList<Statement> Parse(string source)
    {
        var parser = new TemplateParser(TemplateLexer.Cut(source));
        var (body, end) = parser.ParseBody([]);
        return end is null ? body : throw new TemplateException("a statement ends that has not begun", 1);
    }

    /// <summary>Up to a statement whose first word is one of <paramref name="ends"/>; its parser stands behind that word.</summary>
    private (List<Statement> Body, (string Word, ExpressionParser Parser)? End) ParseBody(string[] ends)
    {
        if (++_depth > DepthMax)
        {
            throw new TemplateException($"statements are nested more than {DepthMax} times", segments[_at - 1].Line);
        }

        List<Statement> body = [];
        while (_at < segments.Count)
        {
            var segment = segments[_at++];
            if (segment.Kind == SegmentKind.Text)
            {
                body.Add(new Words(segment.Text, segment.Line));
                continue;
            }

            var parser = new ExpressionParser(segment.Text, segment.Line);
            if (segment.Kind == SegmentKind.Expression)
            {
                var value = parser.Parse();
                parser.End();
                body.Add(new Print(value, segment.Line));
                continue;
            }

            string word = parser.Name();
            if (ends.Contains(word))
            {
                _depth--;
                return (body, (word, parser));
            }

            if (ParseStatement(word, parser, segment.Line) is { } statement)
            {
                body.Add(statement);
            }
        }

        _depth--;
        return ends.Length == 0 ? (body, null) : throw new TemplateException($"{ends[^1]} is missing", segments.Count > 0 ? segments[^1].Line : 1);
    }

    private Statement? ParseStatement(string word, ExpressionParser parser, int line)
    {
        switch (word)
        {
            case "if":
                return ParseIf(parser, line);
            case "for":
                return ParseFor(parser, line);
            case "set":
                return ParseSet(parser, line);
            case "macro":
                return ParseMacro(parser, line);
            case "break" or "continue":
                parser.End();
                return new Jump(word == "break" ? Flow.Break : Flow.Continue, line);
            case "generation" or "endgeneration":
                // Marks what a model is trained on; nothing to write.
                parser.End();
                return null;
            default:
                throw new TemplateException($"the statement {word} is not one Edge has (if, for, set, macro, break, continue)", line);
        }
    }

    private If ParseIf(ExpressionParser parser, int line)
    {
        List<(Expression?, IReadOnlyList<Statement>)> branches = [];
        Expression? condition = parser.Parse();
        parser.End();
        while (true)
        {
            var (body, end) = ParseBody(["elif", "else", "endif"]);
            branches.Add((condition, body));
            var (word, rest) = end!.Value;
            if (word == "endif")
            {
                rest.End();
                return new If(branches, line);
            }

            condition = word == "elif" ? rest.Parse() : null;
            rest.End();
        }
    }

    private For ParseFor(ExpressionParser parser, int line)
    {
        List<string> names = [];
        do
        {
            names.Add(parser.Name());
        }
        while (parser.TryOperator(","));

        if (!parser.TryName("in"))
        {
            throw parser.Fault("\"in\" is wanted in a loop");
        }

        var over = parser.ParseWithoutChoice();
        var where = parser.TryName("if") ? parser.Parse() : null;
        parser.End();
        var (body, end) = ParseBody(["else", "endfor"]);
        List<Statement> otherwise = [];
        if (end!.Value.Word == "else")
        {
            (otherwise, end) = ParseBody(["endfor"]);
        }

        end!.Value.Parser.End();
        return new For(names, over, where, body, otherwise, line);
    }

    private Statement ParseSet(ExpressionParser parser, int line)
    {
        string name = parser.Name();
        string? member = parser.TryOperator(".") ? parser.Name() : null;
        if (parser.TryOperator("="))
        {
            var value = parser.Parse();
            parser.End();
            return new Set(name, member, value, line);
        }

        parser.End();
        var (body, end) = ParseBody(["endset"]);
        end!.Value.Parser.End();
        return new SetBlock(name, body, line);
    }

    private Macro ParseMacro(ExpressionParser parser, int line)
    {
        string name = parser.Name();
        parser.Expect("(");
        List<(string, Expression?)> parameters = [];
        while (!parser.TryOperator(")"))
        {
            string parameter = parser.Name();
            parameters.Add((parameter, parser.TryOperator("=") ? parser.Parse() : null));
            if (!parser.TryOperator(","))
            {
                parser.Expect(")");
                break;
            }
        }

        parser.End();
        var (body, end) = ParseBody(["endmacro"]);
        end!.Value.Parser.End();
        return new Macro(name, parameters, body, line);
    }
}
