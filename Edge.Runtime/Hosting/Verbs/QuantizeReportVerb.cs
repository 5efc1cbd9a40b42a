using System.CommandLine;
using Edge.Runtime.Evaluation;
using Edge.Runtime.Models;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge quantize-report</c>: what each way to quantize does to a model.</summary>
internal static class QuantizeReportVerb
{
    private const string UsualText = "Turn on the light in the kitchen and set the heating in the bathroom to 21 degrees. Is the garage door open? Close the blinds at eight, please.";

    public static System.CommandLine.Command Create()
    {
        var source = new Argument<string>("FOLDER") { Description = "A Hugging Face folder, as convert takes it." };
        var text = new Option<string?>("--text") { Description = "A file whose text logits are compared on; some commands when not given." };
        var suite = new Option<string?>("--suite") { Description = "A suite whose calls are scored, for models whose calls Edge reads." };
        var calibrate = new Option<string?>("--calibrate") { Description = "A text file of commands, for the calibrated ways; left out when not given." };
        var limit = new Option<int>("--limit") { Description = "Rows taken of the suite.", DefaultValueFactory = _ => int.MaxValue };
        var verb = new System.CommandLine.Command("quantize-report", "Convert a model in several ways and compare size, precision and speed with 16 bits.") { source, text, suite, calibrate, limit };
        verb.SetAction((parsed, cancelled) => Task.Run(
            () => Run(parsed.GetValue(source)!, parsed.GetValue(text), parsed.GetValue(suite), parsed.GetValue(calibrate), parsed.GetValue(limit), cancelled), CancellationToken.None));
        return verb;
    }

    private static int Run(string source, string? text, string? suite, string? calibrate, int limit, CancellationToken cancelled)
    {
        var work = Directory.CreateTempSubdirectory("edge-quantize-");
        try
        {
            var report = new QuantizationReport(source, text is null ? UsualText : File.ReadAllText(text), suite is null ? null : EvalSuite.Read(suite, limit), TimeProvider.System, calibrate);
            foreach (var row in report.Rows(work.FullName, cancelled))
            {
                Console.WriteLine(QuantizationReport.Line(row));
            }

            return ExitCode.Ok;
        }
        catch (Exception fault) when (fault is ModelException or EvalFault or IOException or UnauthorizedAccessException)
        {
            return Faults.Print(ExitCode.Failed, fault.Message);
        }
        catch (OperationCanceledException)
        {
            return Faults.Print(ExitCode.Failed, "Stopped; nothing was left behind.");
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }
}
