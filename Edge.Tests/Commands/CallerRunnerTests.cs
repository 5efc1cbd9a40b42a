using Edge.Runtime.Commands;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Commands;

public sealed class CallerRunnerTests
{
    [Theory]
    [InlineData("yes")]
    [InlineData("Yes, do it.")]
    [InlineData("ok")]
    public void A_yes_that_nothing_waits_for_never_reaches_the_model(string text)
    {
        using var house = new TestHouse("devices: [{name: lamp, kind: light, line: 17}]");
        var runner = new CallerRunner(house.House.Dispatcher, house.Clock) { Words = new Unasked() };
        var reply = runner.Run(new Command("1", text, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, "test"), TestContext.Current.CancellationToken);
        Assert.Equal(ReplyStatus.Refused, reply.Status);
        Assert.StartsWith("Nothing waits for your yes", reply.Sentence, StringComparison.Ordinal);
    }

    private sealed class Unasked : ICommandRunner
    {
        public Reply Run(Command command, CancellationToken cancellationToken) => throw new InvalidOperationException("The model was asked.");
    }
}
