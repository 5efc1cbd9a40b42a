using System.Diagnostics;
using Edge.Functions.Catalog;
using Edge.Runtime.Grammars;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Handlers;

public sealed class AllowedOfferTests(ITestOutputHelper output)
{
    private const string Yaml = """
        devices:
          - {name: heat, kind: switch, line: 17, confirm: never}
          - {name: cool, kind: switch, line: 27}
          - {name: valve, kind: switch, line: 23}
          - {name: pump, kind: switch, line: 22, requires: {valve: on}}
          - {name: plug, kind: switch, mqtt: {dialect: zigbee2mqtt, topic: zigbee2mqtt/plug}}
        safety:
          interlocks:
            - {devices: [heat, cool], dwell: 1s}
        """;

    [Fact]
    public void What_is_interlocked_cannot_be_said_while_it_is()
    {
        using var house = Rested();
        Assert.Contains("cool", Names(house, "turn_on"));
        Assert.Equal("Done", house.Call("turn_on", """{"device":"heat"}""").GetType().Name);
        Assert.DoesNotContain("cool", Names(house, "turn_on"));
        Assert.Contains("heat", Names(house, "turn_on"));
        Assert.Contains("cool", Names(house, "turn_off"));
        Assert.Equal("Done", house.Call("turn_off", """{"device":"heat"}""").GetType().Name);
        Assert.Contains("cool", Names(house, "turn_on"));
    }

    [Fact]
    public void What_needs_another_device_cannot_be_said_before_that_one_stands_right()
    {
        using var house = Rested();
        Assert.DoesNotContain("pump", Names(house, "turn_on"));
        house.Call("turn_on", """{"device":"valve"}""");
        Assert.Contains("pump", Names(house, "turn_on"));
    }

    [Fact]
    public void A_device_behind_a_broker_cannot_be_said_while_there_is_none()
    {
        using var house = Rested();
        Assert.DoesNotContain("plug", Names(house, "turn_on"));
        house.House.Remote.Attach((_, _) => true);
        Assert.Contains("plug", Names(house, "turn_on"));
        house.House.Remote.Attach(null);
        Assert.DoesNotContain("plug", Names(house, "turn_on"));
    }

    [Fact]
    public void A_sensor_that_gives_no_reading_cannot_be_asked()
    {
        using var house = new TestHouse("""
            devices:
              - {name: bed, room: bedroom, kind: sensor, quantity: temperature, file: bus/w1/devices/x/temperature, simulated: 26}
              - {name: lamp, kind: light, line: 17}
            """);
        house.House.Registry.Find("bed")!.Measure();
        Assert.Contains(house.House.Allowed.Now(), f => f.Name == "read_temperature");
        house.Sensor("bed").Fault = "it fell off";
        house.House.Registry.Find("bed")!.Measure();
        Assert.DoesNotContain(house.House.Allowed.Now(), f => f.Name == "read_temperature");
    }

    [Fact]
    public void The_list_is_the_same_object_while_nothing_changes()
    {
        using var house = Rested();
        var first = house.House.Allowed.Now();
        Assert.Same(first, house.House.Allowed.Now());
        house.Call("turn_on", """{"device":"heat"}""");
        Assert.NotSame(first, house.House.Allowed.Now());
    }

    [Fact]
    public void The_grammar_follows_in_milliseconds()
    {
        using var house = Rested();
        var matcher = Compile(house.House.Allowed.Now());
        Assert.True(Accepts(matcher, """<|call|>{"name":"turn_on","arguments":{"device":"cool"}}<|end|>"""));
        house.Call("turn_on", """{"device":"heat"}""");
        long start = Stopwatch.GetTimestamp();
        matcher = Compile(house.House.Allowed.Now());
        var took = Stopwatch.GetElapsedTime(start);
        output.WriteLine($"Offered and compiled again in {took.TotalMilliseconds:0.00} ms.");
        Assert.False(Accepts(matcher, """<|call|>{"name":"turn_on","arguments":{"device":"cool"}}<|end|>"""));
        Assert.True(Accepts(matcher, """<|call|>{"name":"turn_off","arguments":{"device":"cool"}}<|end|>"""));
        Assert.True(took < TimeSpan.FromSeconds(2), $"{took}");
    }

    private static TestHouse Rested()
    {
        var house = new TestHouse(Yaml);
        house.Clock.Advance(TimeSpan.FromSeconds(2));
        return house;
    }

    private static TokenMatcher Compile(IReadOnlyList<FunctionDefinition> functions) =>
        new(new EdgeCallSyntax(ShippedModel.Tokenizer).Compile(functions, new GrammarOptions()), ShippedModel.Index);

    private static bool Accepts(TokenMatcher matcher, string answer)
    {
        matcher.Reset();
        return Grammars.TokenMatcherTests.Encode(answer).All(matcher.TryAccept);
    }

    private static List<string> Names(TestHouse house, string function) =>
        [.. house.House.Allowed.Now().First(f => f.Name == function).Parameters.GetProperty("properties").GetProperty("device").GetProperty("enum").EnumerateArray().Select(v => v.GetString()!)];
}
