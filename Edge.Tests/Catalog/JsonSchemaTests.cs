using Edge.Functions.Catalog;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Catalog;

public class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"integer","minimum":0,"maximum":100}""", "100")]
    [InlineData("""{"type":"integer"}""", "5.0")]
    [InlineData("""{"type":"number","exclusiveMinimum":0}""", "0.001")]
    [InlineData("""{"type":["string","null"]}""", "null")]
    [InlineData("""{"type":"string","nullable":true}""", "null")]
    [InlineData("""{"type":"number","multipleOf":0.1}""", "0.3")]
    [InlineData("""{"type":"string","pattern":"^[a-z]+$","maxLength":3}""", "\"abc\"")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"integer"}]}""", "3")]
    [InlineData("""{"oneOf":[{"const":"a"},{"const":"b"}]}""", "\"b\"")]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":3}]}""", "2")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":1}""", "[1,2]")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}}}""", """{"a":"x","b":1}""")]
    [InlineData("""{}""", """{"any":["thing"]}""")]
    [InlineData("""true""", "1")]
    public void A_value_that_fits_passes(string schema, string value) => Assert.Null(Check(schema, value));

    [Theory]
    [InlineData("""{"type":"integer","minimum":0,"maximum":100}""", "170", "out-of-range", "x is 170; use 0 to 100.")]
    [InlineData("""{"type":"integer","minimum":0,"maximum":100}""", "\"170\"", "wrong-type", "x is \"170\"; use a whole number 0 to 100.")]
    [InlineData("""{"type":"integer"}""", "1.5", "wrong-type", "x is 1.5; use a whole number.")]
    [InlineData("""{"type":"number"}""", "1e999", "wrong-type", "x is 1e999; use a number.")]
    [InlineData("""{"type":"number","exclusiveMaximum":1}""", "1", "out-of-range", "x is 1; use less than 1.")]
    [InlineData("""{"type":"number","minimum":1}""", "0", "out-of-range", "x is 0; use 1 or more.")]
    [InlineData("""{"type":"integer","multipleOf":5}""", "7", "out-of-range", "x is 7; use a multiple of 5.")]
    [InlineData("""{"type":"boolean"}""", "1", "wrong-type", "x is 1; use true or false.")]
    [InlineData("""{"enum":["red","green"]}""", "\"gren\"", "not-a-choice", "x is \"gren\"; use one of red, green, perhaps green.")]
    [InlineData("""{"enum":["red"]}""", "\"blue\"", "not-a-choice", "x is \"blue\"; use red.")]
    [InlineData("""{"const":5}""", "6", "not-a-choice", "x is 6; use 5.")]
    [InlineData("""{"type":"string","maxLength":3}""", "\"abcd\"", "out-of-range", "x has 4 characters; use 0 to 3.")]
    [InlineData("""{"type":"string","pattern":"^a"}""", "\"b\"", "out-of-range", "x is \"b\"; use text that matches ^a.")]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", "[1,\"a\"]", "wrong-type", "x[1] is \"a\"; use a whole number.")]
    [InlineData("""{"type":"array","maxItems":1}""", "[1,2]", "out-of-range", "x has 2 entries; use 0 to 1.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}""", """{"b":1}""", "unknown-argument", "\"x.b\" is no argument here; did you mean a?")]
    [InlineData("""{"type":"object","required":["a"]}""", "{}", "missing-argument", "x.a is missing; give it.")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"integer"}]}""", "true", "wrong-type", "x is true; use text.")]
    [InlineData("""{"oneOf":[{"minimum":0},{"maximum":9}]}""", "5", "not-a-choice", "x is 5, which fits more than one of its forms.")]
    [InlineData("false", "1", "unknown-argument", "x is not allowed.")]
    public void A_value_that_does_not_fit_is_named_with_its_limit(string schema, string value, string code, string message) =>
        Assert.Equal(new SchemaViolation(code, message), Check(schema, value));

    [Fact]
    public void A_reference_is_followed()
    {
        var schema = JsonSchema.Parse(TestHouse.Json("""{"type":"object","properties":{"x":{"$ref":"#/$defs/level"}},"$defs":{"level":{"maximum":5}}}"""));
        Assert.Equal("x is 6; use 5 or less.", schema.CheckArguments(TestHouse.Json("""{"x":6}""")).Violation?.Message);
    }

    [Theory]
    [InlineData("""{"not":{}}""", "parameters.properties.x.not is not supported; leave it out")]
    [InlineData("""{"type":"int"}""", "parameters.properties.x.type is \"int\"; use string, number, integer, boolean, array, object or null")]
    [InlineData("""{"minimum":"0"}""", "parameters.properties.x.minimum is \"0\"; use a number")]
    [InlineData("""{"pattern":"("}""", "parameters.properties.x.pattern is \"(\", which is not a plain regular expression; use one without look-around and back-references")]
    [InlineData("""{"$ref":"#/$defs/no"}""", "parameters.properties.x.$ref is #/$defs/no, which is not there; define it under $defs")]
    [InlineData("""{"enum":[]}""", "parameters.properties.x.enum is a list; use a list of choices")]
    [InlineData("5", "parameters.properties.x is 5; use a JSON Schema object")]
    public void A_schema_that_cannot_be_checked_is_refused_at_the_start(string schema, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Parse(schema)).Message);

    [Fact]
    public void A_schema_that_contains_itself_is_refused() => Assert.Throws<FormatException>(
        () => JsonSchema.Parse(TestHouse.Json("""{"type":"object","properties":{"x":{"$ref":"#"}}}""".Replace("\"#\"", "\"#/properties/x\"", StringComparison.Ordinal))));

    [Fact]
    public void Choices_are_carried_as_declared_also_inside_lists_and_objects()
    {
        var schema = Parse("""{"type":"array","items":{"type":"object","properties":{"c":{"enum":["Red","RED 2"]}}}}""");
        var (arguments, violation) = schema.CheckArguments(TestHouse.Json("""{"x":[{"c":"red"},{"c":"red 2"}]}"""));
        Assert.Null(violation);
        Assert.Equal("""[{"c":"Red"},{"c":"RED 2"}]""", arguments["x"].GetRawText());
    }

    [Fact]
    public void Choices_that_differ_in_case_alone_stay_apart()
    {
        var (arguments, _) = Parse("""{"enum":["A","a"]}""").CheckArguments(TestHouse.Json("""{"x":"a"}"""));
        Assert.Equal("a", arguments["x"].GetString());
    }

    private static JsonSchema Parse(string property) => JsonSchema.Parse(TestHouse.Json("{\"type\":\"object\",\"properties\":{\"x\":" + property + "}}"));

    private static SchemaViolation? Check(string schema, string value) => Parse(schema).CheckArguments(TestHouse.Json($$"""{"x":{{value}}}""")).Violation;
}
