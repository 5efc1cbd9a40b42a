using System.Text.Json;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Runtime.Evaluation;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Xunit;

namespace Edge.Tests.Evaluation;

public sealed class EvalVerbTests : IDisposable
{
    private const string Tools = """[{"type":"function","function":{"name":"fan","parameters":{"type":"object","properties":{"speed":{"type":"integer"}},"required":["speed"]}}}]""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edge-eval-");
    private readonly FakeTimeProvider _clock = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_json_report_holds_counts_and_times_of_each_suite()
    {
        string suite = WriteSuite("fast", "slow", "nothing", "two");
        Assert.Equal(0, Run(new EvalRequest([suite], Json: true, FailuresFile: Failures)));
        Assert.Equal(
            $$"""{"suites":[{"file":{{JsonSerializer.Serialize(suite)}},"rows":4,"accuracy":0.25,"wrongName":0,"wrongArgument":1,"missingCall":1,"extraCall":1,"msP50":10,"msP95":100}]}""",
            _output.ToString().Trim());
    }

    [Fact]
    public void Wrong_rows_are_written_as_json_lines()
    {
        Run(new EvalRequest([WriteSuite("fast", "slow")], FailuresFile: Failures));
        Assert.Equal(
            """{"file":"s.jsonl","id":"r1","reason":"wrongArgument","user":"slow","expected":[{"name":"fan","arguments":{"speed":[1]}}],"got":[{"name":"fan","arguments":{"speed":9}}]}""",
            Assert.Single(File.ReadAllLines(Failures)));
    }

    [Fact]
    public void The_limit_takes_the_first_rows_of_each_suite()
    {
        Run(new EvalRequest([WriteSuite("fast", "slow")], RowsMax: 1, FailuresFile: Failures));
        Assert.Contains(" 100.0 % |", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_suite_that_cannot_be_read_stops_the_run_before_its_first_row()
    {
        string missing = Path.Combine(_folder.FullName, "none.jsonl");
        Assert.Equal(EvalVerb.DataFault, Run(new EvalRequest([WriteSuite("fast"), missing], FailuresFile: Failures)));
        Assert.Contains("none.jsonl", _errors.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Failures));
        Assert.Empty(_output.ToString());
    }

    private string Failures => Path.Combine(_folder.FullName, "failures.jsonl");

    private string WriteSuite(params string[] texts)
    {
        string path = Path.Combine(_folder.FullName, "s.jsonl");
        File.WriteAllLines(path, texts.Select((text, i) =>
            $$$"""{"id":"r{{{i}}}","tools":{{{Tools}}},"messages":[{"role":"user","content":"{{{text}}}"}],"expected":[{"name":"fan","arguments":{"speed":[1]}}]}"""));
        return path;
    }

    private int Run(EvalRequest request)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(_errors) });
        return EvalVerb.Run(request, new ScriptedCaller(_clock), _clock, console, _output, TestContext.Current.CancellationToken);
    }

    private sealed class ScriptedCaller(FakeTimeProvider clock) : ICaller
    {
        public IReadOnlyList<FunctionCall> Call(IReadOnlyList<FunctionDefinition> tools, IReadOnlyList<EvalMessage> messages, CancellationToken cancellationToken)
        {
            string text = messages[^1].Content;
            clock.Advance(TimeSpan.FromMilliseconds(text == "slow" ? 100 : 10));
            return text switch
            {
                "fast" => [Fan(1)],
                "slow" => [Fan(9)],
                "two" => [Fan(1), Fan(1)],
                _ => [],
            };
        }

        private static FunctionCall Fan(int speed) => new("fan", JsonDocument.Parse($$"""{"speed":{{speed}}}""").RootElement);
    }
}
