using Edge.Runtime.Commands;
using Edge.Runtime.Hosting;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Hosting;

public sealed class CoresTests
{
    [Theory]
    [InlineData("0", 0b1UL)]
    [InlineData("1-3", 0b1110UL)]
    [InlineData("0, 2-3", 0b1101UL)]
    [InlineData("63", 1UL << 63)]
    public void Cores_are_listed_as_the_kernel_lists_them(string text, ulong cores) => Assert.Equal(cores, Cores.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("3-1")]
    [InlineData("64")]
    [InlineData("a")]
    [InlineData("1-2-3")]
    [InlineData("-1")]
    public void What_is_no_list_of_cores_is_none(string text) => Assert.Null(Cores.Parse(text));

    [Theory]
    [InlineData(0b1UL, "0")]
    [InlineData(0b1110UL, "1-3")]
    [InlineData(0b1101UL, "0,2-3")]
    [InlineData(ulong.MaxValue, "0-63")]
    [InlineData(1UL << 63, "63")]
    public void And_are_said_the_same_way(ulong cores, string text) => Assert.Equal(text, Cores.ToText(cores));

    [Fact]
    public void The_model_has_a_thread_for_each_core_it_was_given_unless_the_settings_say_otherwise()
    {
        ulong allowed = Cores.Parse(Allowed())!.Value;
        var cores = new Cores(ulong.MaxValue, 1);
        var options = new EdgeOptions(new(), new(), new(), Microsoft.Extensions.Logging.LogLevel.None) { Cores = cores };
        Assert.Equal(System.Numerics.BitOperations.PopCount(allowed), EngineFactory.DecoderOf(options).Threads);
        Assert.Equal(1, EngineFactory.DecoderOf(options with { Cores = new Cores(allowed & (~allowed + 1), 1) }).Threads);
        Assert.Equal(5, EngineFactory.DecoderOf(options with { Model = new ModelOptions(Threads: 5) }).Threads);
        Assert.Equal(0, EngineFactory.DecoderOf(options with { Cores = null }).Threads);
        Assert.Equal(0, EngineFactory.DecoderOf(options with { Cores = new Cores(0, 1) }).Threads);
    }

    [Fact]
    public void A_fault_on_the_model_s_cores_is_the_caller_s() =>
        Assert.Equal("x", Assert.Throws<InvalidOperationException>(() => Cores.RunOn<int>(1, () => throw new InvalidOperationException("x"))).Message);

    [Fact]
    public void The_thread_of_the_commands_settles_on_the_model_s_cores_and_nobody_else_does()
    {
        string before = Allowed();
        string[] cores = before.Split(',', '-');
        Assert.SkipUnless(OperatingSystem.IsLinux() && cores.Length > 1, "This machine has one core for the tests.");
        int last = int.Parse(cores[^1]);
        string inside = "";
        var runner = new PinnedRunner(
            new ScriptedRunner((command, _) =>
            {
                inside = Allowed();
                return Reply.Refusal(command.Id, ReplyStatus.Ok, "");
            }),
            1UL << last);
        var thread = new Thread(() => runner.Run(new Command("1", "x", default, default, "test"), CancellationToken.None));
        thread.Start();
        thread.Join();
        Assert.Equal($"{last}", inside);
        Assert.Equal(before, Allowed());
    }

    [Fact]
    public void Work_is_done_on_the_cores_named_and_the_thread_goes_back()
    {
        string before = Allowed();
        string[] cores = before.Split(',', '-');
        Assert.SkipUnless(OperatingSystem.IsLinux() && cores.Length > 1, "This machine has one core for the tests.");
        int last = int.Parse(cores[^1]);
        Assert.Equal($"{last}", Cores.RunOn(1UL << last, Allowed));
        Assert.Equal(before, Allowed());
    }

    private static string Allowed() => File.ReadLines("/proc/thread-self/status").First(l => l.StartsWith("Cpus_allowed_list", StringComparison.Ordinal)).Split(':')[1].Trim();
}
