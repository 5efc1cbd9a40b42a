using Edge.Functions.Calls;
using Xunit;

namespace Edge.Tests.Calls;

public sealed class ActionIdsTests
{
    [Fact]
    public void The_same_command_gives_the_same_actions_the_same_ids_wherever_it_is_carried_out()
    {
        var (here, there) = (new ActionIds("a"), new ActionIds("a"));
        string[] actions = ["lamp on", "lamp off", "lamp on"];
        string[] ids = [.. actions.Select(here.Of)];
        Assert.Equal(ids, actions.Select(there.Of));
        Assert.Equal(3, ids.Distinct().Count());
        Assert.NotEqual(ids[0], new ActionIds("b").Of("lamp on"));
    }

    [Fact]
    public void The_ids_are_no_part_of_who_calls() =>
        Assert.Equal(new Caller("me"), new Caller("me") { Actions = new ActionIds("a") });
}
