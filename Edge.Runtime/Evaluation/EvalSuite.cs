using System.Text.Json;

namespace Edge.Runtime.Evaluation;

/// <summary>A file of rows.</summary>
/// <param name="File">Its path, as given.</param>
public sealed record EvalSuite(string File, IReadOnlyList<EvalRow> Rows)
{
    /// <summary>Characters in one line; the longest row of the shared suites has about 6,000.</summary>
    public const int LineCharsMax = 1_000_000;

    /// <summary>Reads a suite whole, so that a fault in its last line stops the run before its first row.</summary>
    /// <param name="rowsMax">Rows after these are not looked at.</param>
    /// <exception cref="EvalFault">A line is not a row.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static EvalSuite Read(string file, int rowsMax = int.MaxValue)
    {
        using var reader = System.IO.File.OpenText(file);
        return Read(file, reader, rowsMax);
    }

    /// <inheritdoc cref="Read(string, int)"/>
    public static EvalSuite Read(string file, TextReader lines, int rowsMax = int.MaxValue)
    {
        var rows = new List<EvalRow>();
        for (int line = 1; rows.Count < rowsMax && lines.ReadLine() is { } text; line++)
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                rows.Add(ReadLine(file, line, text));
            }
        }

        return rows.Count > 0 || rowsMax == 0 ? new EvalSuite(file, rows) : throw new EvalFault(file, 1, "the file has no rows; write one JSON object a line.");
    }

    private static EvalRow ReadLine(string file, int line, string text)
    {
        if (text.Length > LineCharsMax)
        {
            throw new EvalFault(file, line, $"the line has {text.Length} characters; at most {LineCharsMax} are read.");
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return EvalRowReader.Read(document.RootElement);
        }
        catch (JsonException fault)
        {
            throw new EvalFault(file, line, $"not JSON at byte {fault.BytePositionInLine}; write one JSON object a line.");
        }
        catch (InvalidOperationException)
        {
            throw new EvalFault(file, line, "a string holds half a surrogate pair (\\ud800 to \\udfff alone); write the whole character.");
        }
        catch (FormatException fault)
        {
            throw new EvalFault(file, line, fault.Message);
        }
    }
}
