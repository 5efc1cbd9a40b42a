using Edge.Runtime.Mqtt;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Mqtt;

public class ClientRatesTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_client_has_its_own_count_a_minute()
    {
        var rates = new ClientRates(2, _clock);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => rates.Count(From("a"))));
        Assert.True(rates.Count(From("b")));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(rates.Count(From("a")));
    }

    [Fact]
    public void Names_without_end_do_not_fill_the_memory_and_do_not_open_the_limit()
    {
        var rates = new ClientRates(2, _clock);
        int passed = Enumerable.Range(0, ClientRates.ClientsMax + 100).Count(i => rates.Count(From($"{i}")));
        Assert.InRange(passed, ClientRates.ClientsMax, ClientRates.ClientsMax + 2);
    }

    private static CommandMessage From(string client) => new("on"u8.ToArray()) { Client = client };
}
