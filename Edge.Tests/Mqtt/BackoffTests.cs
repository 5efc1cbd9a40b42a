using CsCheck;
using Edge.Runtime.Mqtt;
using Xunit;

namespace Edge.Tests.Mqtt;

public class BackoffTests
{
    [Fact]
    public void Waits_double_up_to_the_longest_and_never_leave_their_half() => Gen.Int.Sample(seed =>
    {
        var backoff = new Backoff(new Random(seed));
        for (int i = 0; i < 40; i++)
        {
            double whole = Math.Min(0.5 * Math.Pow(2, i), 30);
            Assert.InRange(backoff.Next().TotalSeconds, whole / 2, whole);
        }
    });

    [Fact]
    public void After_a_lasting_connection_it_begins_anew()
    {
        var backoff = new Backoff(new Random(1));
        backoff.Next();
        backoff.Next();
        backoff.Reset();
        Assert.InRange(backoff.Next(), TimeSpan.Zero, Backoff.First);
    }
}
