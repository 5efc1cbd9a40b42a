using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Edge.Runtime.Evaluation;

/// <summary>The scores of a run, for programs and for people.</summary>
public sealed record EvalReport(IReadOnlyList<SuiteScore> Suites)
{
    /// <summary><c>{"suites":[{"file","rows","accuracy","wrongName","wrongArgument","missingCall","extraCall","msP50","msP95"}]}</c>, on one line.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("suites");
            foreach (var suite in Suites)
            {
                suite.WriteTo(writer);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public Table ToTable()
    {
        var table = new Table().Border(TableBorder.Markdown).AddColumn("suite");
        foreach (string column in (string[])["rows", "accuracy", "wrong name", "wrong argument", "missing call", "extra call", "ms p50", "ms p95"])
        {
            table.AddColumn(column, c => c.RightAligned());
        }

        foreach (var suite in Suites)
        {
            table.AddRow(
                Markup.Escape(Path.GetFileName(suite.File)),
                Text(suite.Rows),
                (100 * suite.Accuracy).ToString("0.0", CultureInfo.InvariantCulture) + " %",
                Text(suite.Count(EvalVerdict.WrongName)),
                Text(suite.Count(EvalVerdict.WrongArgument)),
                Text(suite.Count(EvalVerdict.MissingCall)),
                Text(suite.Count(EvalVerdict.ExtraCall)),
                suite.MsAt(0.50).ToString("0.0", CultureInfo.InvariantCulture),
                suite.MsAt(0.95).ToString("0.0", CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
