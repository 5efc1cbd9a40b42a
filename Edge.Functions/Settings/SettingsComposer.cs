using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Edge.Functions.Settings;

/// <summary>
/// Makes nodes of YamlDotNet's events. The representation model would do, but it recurses without a limit and stops at the
/// first duplicate key; here both are faults with their lines.
/// </summary>
internal sealed class SettingsComposer(string file, SettingsFaults faults)
{
    /// <summary>Sections in sections; far more than any setting needs, far less than the stack holds.</summary>
    internal const int DepthMax = 32;

    /// <summary>The first document of <paramref name="text"/>; null when it holds none or is not YAML (a fault says why).</summary>
    public SettingsNode? Compose(string text)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return null;
            }

            return Node(parser, 0);
        }
        catch (YamlException e)
        {
            return Refuse(e.Message.Trim().TrimEnd('.').ReplaceLineEndings(" "), Line(e.Start));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
        {
            // The scanner of YamlDotNet 18.1.0 throws these at some broken texts, "[1\nx: 2" for one.
            return Refuse("something is not closed", Math.Max(1, parser.Current is { } last ? Line(last.End) : 1));
        }
    }

    private SettingsNode? Refuse(string reason, int line)
    {
        faults.Add($"{file} cannot be read as YAML: {reason}; check indentation, colons and brackets ({file}, line {line}).");
        return null;
    }

    private SettingsNode Node(Parser parser, int depth)
    {
        if (depth > DepthMax)
        {
            throw new YamlException(parser.Current!.Start, parser.Current.End, $"more than {DepthMax} levels of nesting");
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return new SettingsNode.Scalar(Line(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
        }

        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = new List<SettingsNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Node(parser, depth + 1));
            }

            return new SettingsNode.Sequence(Line(sequence.Start), items);
        }

        if (parser.TryConsume<MappingStart>(out var mapping))
        {
            return Mapping(parser, mapping, depth);
        }

        var other = parser.Current!;
        throw new YamlException(other.Start, other.End, other is AnchorAlias alias
            ? $"the alias *{alias.Value} is not read here, write the value out"
            : $"unexpected {other.GetType().Name}");
    }

    private SettingsNode.Mapping Mapping(Parser parser, MappingStart start, int depth)
    {
        var entries = new List<SettingsNode.Entry>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (Node(parser, depth + 1) is not SettingsNode.Scalar key)
            {
                throw new YamlException(start.Start, start.End, "a key must be plain text");
            }

            var value = Node(parser, depth + 1);
            if (lines.TryAdd(key.Text, key.Line))
            {
                entries.Add(new SettingsNode.Entry(key.Text, key.Line, value));
            }
            else
            {
                faults.Add($"{key.Text} is given twice, first in line {lines[key.Text]}; keep one ({file}, line {key.Line}).");
            }
        }

        return new SettingsNode.Mapping(Line(start.Start), entries);
    }

    private static int Line(Mark mark) => (int)mark.Line;
}
