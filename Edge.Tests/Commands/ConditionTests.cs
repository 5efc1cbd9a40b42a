using Edge.Runtime.Commands;
using Xunit;

namespace Edge.Tests.Commands;

public sealed class ConditionTests
{
    [Theory]
    [InlineData("if the bedroom is above 25 degrees turn on the fan", 25.5, true)]
    [InlineData("if the bedroom is above 25 degrees turn on the fan", 25, false)]
    [InlineData("turn on the heater if it is colder than 18.5 in the kitchen", 18.4, true)]
    [InlineData("turn on the heater if it is colder than 18.5 in the kitchen", 19, false)]
    [InlineData("open the blinds if there are at least 300 lux", 300, true)]
    [InlineData("switch the pump off when the level exceeds 80", 81, true)]
    [InlineData("run the fan unless the humidity is below 40", 39, false)]
    [InlineData("run the fan unless the humidity is below 40", 41, true)]
    [InlineData("if the garage drops below -5 turn on the heater", -6, true)]
    [InlineData("if humidity >= 60 start the fan", 60, true)]
    public void A_comparison_is_found_and_decided_by_the_reading(string text, double reading, bool holds)
    {
        var condition = Condition.Find(text);
        Assert.NotNull(condition);
        Assert.Equal(holds, condition.Holds((decimal)reading));
    }

    [Theory]
    [InlineData("turn on the fan")]
    [InlineData("set the light to over 50")]
    [InlineData("tell me if the bedroom is above 25 degrees")]
    [InlineData("check if it is below 5 outside")]
    [InlineData("if the window is open turn off the heating")]
    [InlineData("")]
    public void Other_sentences_have_none(string text) => Assert.Null(Condition.Find(text));
}
