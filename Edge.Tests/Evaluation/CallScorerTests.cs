using System.Text.Json;
using Edge.Functions.Calls;
using Edge.Runtime.Evaluation;
using Xunit;

namespace Edge.Tests.Evaluation;

public class CallScorerTests
{
    private const string Lamp = """
        {"type":"function","function":{"name":"lamp","parameters":{"type":"object","properties":{
            "room":{"type":"string"},"level":{"type":"integer"},"warmth":{"type":"number"},"on":{"type":"boolean"},
            "steps":{"type":"array","items":{"type":"integer"}},"scene":{"type":"object"}},"required":["room"]}}}
        """;

    private const string Fan = """{"type":"function","function":{"name":"fan","parameters":{"type":"object","properties":{"speed":{"type":"integer"}},"required":["speed"]}}}""";

    private static readonly string s_kitchen = """[{"name":"lamp","arguments":{"room":["kitchen"],"level":[null,50]}}]""";

    [Theory]
    [InlineData("kitchen")]
    [InlineData("Kitchen")]
    [InlineData("KIT-chen")]
    [InlineData("k.i/t_c*h^e,n ")]
    public void Strings_compare_without_case_spaces_and_punctuation(string room) =>
        Assert.Equal(EvalVerdict.Right, Score(s_kitchen, ("lamp", $$"""{"room":"{{room}}"}""")));

    [Theory]
    [InlineData("kitchens")]
    [InlineData("kitchen'")]
    [InlineData("kitchen!")]
    [InlineData("kit\\tchen")]
    [InlineData("kitchen\\ud800")] // half a surrogate pair
    public void Other_characters_count(string room) =>
        Assert.Equal(EvalVerdict.WrongArgument, Score(s_kitchen, ("lamp", $$"""{"room":"{{room}}"}""")));

    [Theory]
    [InlineData("{}", EvalVerdict.WrongArgument)] // a required argument is missing
    [InlineData("""{"room":"kitchen"}""", EvalVerdict.Right)] // null in the list: level may be left out
    [InlineData("""{"room":"kitchen","level":50}""", EvalVerdict.Right)]
    [InlineData("""{"room":"kitchen","level":51}""", EvalVerdict.WrongArgument)]
    [InlineData("""{"room":"kitchen","level":null}""", EvalVerdict.WrongArgument)] // null is not left out
    [InlineData("""{"room":"kitchen","level":"50"}""", EvalVerdict.WrongArgument)]
    [InlineData("""{"room":"kitchen","level":50.0}""", EvalVerdict.WrongArgument)] // no integer
    [InlineData("""{"room":"kitchen","on":true}""", EvalVerdict.WrongArgument)] // declared, but not expected
    [InlineData("""{"room":"kitchen","colour":"red"}""", EvalVerdict.WrongArgument)] // not declared
    public void Arguments_are_declared_required_and_in_their_list(string arguments, EvalVerdict verdict) =>
        Assert.Equal(verdict, Score(s_kitchen, ("lamp", arguments)));

    [Fact]
    public void An_expected_argument_without_null_must_be_given_even_if_it_is_optional() =>
        Assert.Equal(EvalVerdict.WrongArgument, Score("""[{"name":"lamp","arguments":{"room":["a"],"on":[true]}}]""", ("lamp", """{"room":"a"}""")));

    [Fact]
    public void A_required_argument_must_be_given_even_if_null_is_in_its_list() =>
        Assert.Equal(EvalVerdict.WrongArgument, Score("""[{"name":"lamp","arguments":{"room":["a",null]}}]""", ("lamp", "{}")));

    [Fact]
    public void An_expected_argument_that_is_not_declared_must_be_left_out()
    {
        const string Expected = """[{"name":"lamp","arguments":{"room":["a"],"colour":[null,"red"]}}]""";
        Assert.Equal(EvalVerdict.Right, Score(Expected, ("lamp", """{"room":"a"}""")));
        Assert.Equal(EvalVerdict.WrongArgument, Score(Expected, ("lamp", """{"room":"a","colour":"red"}""")));
    }

    [Theory]
    [InlineData("2", EvalVerdict.Right)] // an integer where a number is declared
    [InlineData("2.0", EvalVerdict.Right)]
    [InlineData("2.5", EvalVerdict.WrongArgument)]
    [InlineData("true", EvalVerdict.WrongArgument)]
    public void Numbers_compare_by_value(string warmth, EvalVerdict verdict) =>
        Assert.Equal(verdict, Score("""[{"name":"lamp","arguments":{"room":["a"],"warmth":[2.0]}}]""", ("lamp", $$"""{"room":"a","warmth":{{warmth}}}""")));

    [Theory]
    [InlineData("[1,2]", EvalVerdict.Right)]
    [InlineData("[3]", EvalVerdict.Right)]
    [InlineData("[2,1]", EvalVerdict.WrongArgument)]
    [InlineData("[1]", EvalVerdict.WrongArgument)]
    [InlineData("[1,2.0]", EvalVerdict.WrongArgument)]
    [InlineData("1", EvalVerdict.WrongArgument)]
    public void Lists_compare_element_by_element(string steps, EvalVerdict verdict) =>
        Assert.Equal(verdict, Score("""[{"name":"lamp","arguments":{"room":["a"],"steps":[[1,2],[3]]}}]""", ("lamp", $$"""{"room":"a","steps":{{steps}}}""")));

    [Theory]
    [InlineData("""{"hue":5,"name":"Late Evening"}""", EvalVerdict.Right)]
    [InlineData("""{"name":"late evening"}""", EvalVerdict.Right)] // hue may be left out
    [InlineData("""{"hue":5}""", EvalVerdict.WrongArgument)]
    [InlineData("""{"hue":6,"name":"late"}""", EvalVerdict.WrongArgument)]
    [InlineData("""{"name":"late","more":1}""", EvalVerdict.WrongArgument)]
    public void Objects_compare_key_by_key_with_lists_of_accepted_values(string scene, EvalVerdict verdict) =>
        Assert.Equal(verdict, Score("""[{"name":"lamp","arguments":{"room":["a"],"scene":[{"hue":[5,null],"name":["late","late evening"]}]}}]""", ("lamp", $$"""{"room":"a","scene":{{scene}}}""")));

    [Fact]
    public void Calls_of_one_turn_count_in_any_order() => Assert.Equal(
        EvalVerdict.Right,
        Score("""[{"name":"fan","arguments":{"speed":[1]}},{"name":"lamp","arguments":{"room":["a"]}}]""", ("lamp", """{"room":"a"}"""), ("fan", """{"speed":1}""")));

    [Fact]
    public void A_tolerant_expectation_does_not_take_the_only_partner_of_a_strict_one() => Assert.Equal(
        EvalVerdict.Right,
        Score("""[{"name":"fan","arguments":{"speed":[1,2]}},{"name":"fan","arguments":{"speed":[1]}}]""", ("fan", """{"speed":1}"""), ("fan", """{"speed":2}""")));

    [Fact]
    public void One_call_does_not_stand_for_two() => Assert.Equal(
        EvalVerdict.WrongArgument,
        Score("""[{"name":"fan","arguments":{"speed":[1]}},{"name":"fan","arguments":{"speed":[2]}}]""", ("fan", """{"speed":1}"""), ("fan", """{"speed":1}""")));

    [Fact]
    public void A_wrong_row_has_one_reason()
    {
        const string One = """[{"name":"fan","arguments":{"speed":[1]}}]""";
        Assert.Equal(EvalVerdict.Right, Score(One, ("fan", """{"speed":1}""")));
        Assert.Equal(EvalVerdict.MissingCall, Score(One));
        Assert.Equal(EvalVerdict.ExtraCall, Score(One, ("fan", """{"speed":1}"""), ("lamp", """{"room":"a"}""")));
        Assert.Equal(EvalVerdict.WrongName, Score(One, ("lamp", """{"room":"a"}""")));
        Assert.Equal(EvalVerdict.WrongName, Score(One, ("Fan", """{"speed":1}""")));
        Assert.Equal(EvalVerdict.WrongArgument, Score(One, ("fan", """{"speed":2}""")));
        Assert.Equal(EvalVerdict.WrongArgument, Score(One, ("fan", "[1]")));
    }

    [Fact]
    public void No_call_is_right_where_none_is_expected()
    {
        Assert.Equal(EvalVerdict.Right, Score("[]"));
        Assert.Equal(EvalVerdict.ExtraCall, Score("[]", ("fan", """{"speed":1}""")));
    }

    private static EvalVerdict Score(string expected, params (string Name, string Arguments)[] given)
    {
        string line = $$"""{"id":"hand","tools":[{{Lamp.ReplaceLineEndings("")}},{{Fan}}],"messages":[{"role":"user","content":"x"}],"expected":{{expected}}}""";
        var row = EvalSuite.Read("hand.jsonl", new StringReader(line)).Rows[0];
        return CallScorer.Score(row, [.. given.Select(call => new FunctionCall(call.Name, JsonDocument.Parse(call.Arguments).RootElement))]);
    }
}
