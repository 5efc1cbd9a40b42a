using Edge.Functions.Safety;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Safety;

public sealed class SafetySampleTests
{
    [Fact]
    public void The_sample_of_the_read_me_says_what_it_means()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "Edge.Functions", "Safety", "README.md"));
        string yaml = text.Split("```yaml\n")[1].Split("```")[0];
        var settings = TestHouse.ReadSettings(yaml);
        Assert.Equal(7, settings.Devices.Count);
        Assert.Equal(TroubleResponse.Safe, settings.Safety.BrokerLost);
        Assert.Equal(80, settings.Safety.TemperatureMax);
        Assert.Equal("4711", settings.Safety.Pin);
        Assert.Equal(TimeSpan.FromSeconds(5), Assert.Single(settings.Safety.Interlocks).Dwell);
        Assert.Empty(NameWarnings.Of(settings.Devices));
    }
}
