using System.Text.Json;

namespace Edge.Runtime.Evaluation;

/// <summary>Counts what came of a suite's rows, and how long they took.</summary>
public sealed class SuiteScore(string file)
{
    private readonly int[] _counts = new int[Enum.GetValues<EvalVerdict>().Length];
    private readonly List<double> _ms = [];

    public string File => file;

    public int Rows => _ms.Count;

    /// <summary>Right rows of all rows, 0..1; 0 where there are none.</summary>
    public double Accuracy => Rows == 0 ? 0 : (double)Count(EvalVerdict.Right) / Rows;

    public int Count(EvalVerdict verdict) => _counts[(int)verdict];

    public void Add(EvalVerdict verdict, double ms)
    {
        _counts[(int)verdict]++;
        _ms.Add(ms);
    }

    /// <summary>The smallest time that at least <paramref name="share"/> of the rows stayed within (nearest rank), in milliseconds.</summary>
    /// <param name="share">0..1, for example 0.95.</param>
    public double MsAt(double share)
    {
        if (Rows == 0)
        {
            return 0;
        }

        var sorted = _ms.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("file", File);
        writer.WriteNumber("rows", Rows);
        writer.WriteNumber("accuracy", Math.Round(Accuracy, 4));
        writer.WriteNumber("wrongName", Count(EvalVerdict.WrongName));
        writer.WriteNumber("wrongArgument", Count(EvalVerdict.WrongArgument));
        writer.WriteNumber("missingCall", Count(EvalVerdict.MissingCall));
        writer.WriteNumber("extraCall", Count(EvalVerdict.ExtraCall));
        writer.WriteNumber("msP50", Math.Round(MsAt(0.50), 1));
        writer.WriteNumber("msP95", Math.Round(MsAt(0.95), 1));
        writer.WriteEndObject();
    }
}
