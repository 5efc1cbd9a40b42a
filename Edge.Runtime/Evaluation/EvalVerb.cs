using System.Globalization;
using Spectre.Console;

namespace Edge.Runtime.Evaluation;

/// <summary>What <c>edge eval</c> was asked to do.</summary>
/// <param name="Suites">Paths of suite files.</param>
/// <param name="RowsMax">Rows taken of each suite (<c>--limit</c>).</param>
/// <param name="Json">Print the report as JSON instead of a table.</param>
/// <param name="FailuresFile">Where wrong rows go, as JSON lines; replaced at each run.</param>
public sealed record EvalRequest(IReadOnlyList<string> Suites, int RowsMax = int.MaxValue, bool Json = false, string FailuresFile = "eval-failures.jsonl");

/// <summary>The body of the verb <c>edge eval</c>.</summary>
public static class EvalVerb
{
    /// <summary>Exit code for a suite that cannot be read (EX_DATAERR of sysexits.h).</summary>
    public const int DataFault = 65;

    /// <param name="console">Gets the progress bar: standard error, so that standard output holds the report alone.</param>
    /// <param name="output">Gets the report.</param>
    /// <returns>0 when the suites ran, whatever their scores; <see cref="DataFault"/> when one cannot be read, with one line that says where.</returns>
    /// <exception cref="OperationCanceledException">Somebody stopped the run; failures so far are written.</exception>
    public static int Run(EvalRequest request, ICaller caller, TimeProvider clock, IAnsiConsole console, TextWriter output, CancellationToken cancellationToken)
    {
        List<EvalSuite> suites;
        try
        {
            suites = [.. request.Suites.Select(file => EvalSuite.Read(file, request.RowsMax))];
        }
        catch (Exception fault) when (fault is EvalFault or IOException or UnauthorizedAccessException)
        {
            console.WriteLine(fault.Message);
            return DataFault;
        }

        var report = RunAll(request, suites, caller, clock, console, cancellationToken);
        output.WriteLine(request.Json ? report.ToJson() : Plain(report));
        console.WriteLine($"Wrong rows: {request.FailuresFile}");
        return 0;
    }

    private static EvalReport RunAll(EvalRequest request, List<EvalSuite> suites, ICaller caller, TimeProvider clock, IAnsiConsole console, CancellationToken cancellationToken)
    {
        using var file = new StreamWriter(request.FailuresFile) { AutoFlush = true };
        var run = new EvalRun(caller, new FailureLog(file), clock);
        var scores = new List<SuiteScore>();
        console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(progress =>
            {
                foreach (var suite in suites)
                {
                    string name = Markup.Escape(Path.GetFileName(suite.File));
                    var task = progress.AddTask(name, maxValue: suite.Rows.Count);
                    scores.Add(run.Run(
                        suite,
                        score =>
                        {
                            task.Increment(1);
                            task.Description = string.Create(CultureInfo.InvariantCulture, $"{name} {100 * score.Accuracy:0.0} %");
                        },
                        cancellationToken));
                }
            });
        return new EvalReport(scores);
    }

    private static string Plain(EvalReport report)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 160;
        console.Write(report.ToTable());
        return text.ToString().Trim();
    }
}
