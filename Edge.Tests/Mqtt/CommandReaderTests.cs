using System.Text;
using CsCheck;
using Edge.Runtime.Mqtt;
using Xunit;

namespace Edge.Tests.Mqtt;

public class CommandReaderTests
{
    [Theory]
    [InlineData("turn on the light", null, null, "turn on the light", null)]
    [InlineData("  turn on\nthe light ", null, null, "turn on\nthe light", null)]
    [InlineData("\uFEFFturn on the light", null, null, "turn on the light", null)]
    [InlineData("Schalte das Licht über dem Tisch an 💡", null, null, "Schalte das Licht über dem Tisch an 💡", null)]
    [InlineData("""{"text":"on"}""", null, null, "on", null)]
    [InlineData("""{"text":"on","id":"7","session":"s"}""", null, "7", "on", "s")]
    [InlineData(""" {"id":"7","text":"on","unknown":[1,{"a":null}]}""", null, "7", "on", null)]
    [InlineData("""{"text":"on"}""", "application/json", null, "on", null)]
    [InlineData("""{"text":"on"}""", "Application/JSON; charset=UTF-8", null, "on", null)]
    [InlineData("{curly", "text/plain", null, "{curly", null)]
    [InlineData("on", "text/plain; charset=\"utf-8\"", null, "on", null)]
    public void A_sentence_comes_as_text_or_as_JSON(string payload, string? contentType, string? id, string text, string? session) =>
        Assert.Equal(
            new CommandReading.Accepted(id, text, session),
            CommandReader.Read(new CommandMessage(Encoding.UTF8.GetBytes(payload), ContentType: contentType)));

    [Theory]
    [InlineData("", "The command is empty")]
    [InlineData(" \n\t ", "The command is empty")]
    [InlineData("{\"text\":\"  \"}", "The command is empty")]
    [InlineData("{", "The JSON cannot be read at byte 1, line 1")]
    [InlineData("{\"text\":\"on\",}", "The JSON cannot be read at byte 13, line 1")]
    [InlineData("{\"text\":\"on\"} and more", "The JSON cannot be read at byte 14, line 1")]
    [InlineData("{\"text\":\"on\",\"text\":\"off\"}", "The JSON cannot be read")]
    [InlineData("{}", "\"text\" is missing")]
    [InlineData("{\"text\":1}", "\"text\" is a number, not a string")]
    [InlineData("{\"text\":null}", "\"text\" is null, not a string")]
    [InlineData("{\"text\":\"on\",\"id\":7}", "\"id\" is a number, not a string")]
    [InlineData("{\"text\":\"on\",\"id\":\"\"}", "\"id\" has 0 characters")]
    [InlineData("{\"text\":\"on\",\"session\":true}", "\"session\" is a boolean, not a string")]
    [InlineData("{\"text\":\"\\ud800\"}", "\"text\" is not UTF-8")]
    [InlineData("o\0n\0", "The text has control characters")]
    [InlineData("{\"text\":\"o\\u0000n\"}", "The text has control characters")]
    public void A_payload_that_is_no_command_is_refused_with_the_way_out(string payload, string beginning) =>
        Assert.StartsWith(beginning, Refusal(new CommandMessage(Encoding.UTF8.GetBytes(payload))), StringComparison.Ordinal);

    [Theory]
    [InlineData("[1]", "application/json", "The JSON is an array, not an object")]
    [InlineData("on", "application/json", "The JSON cannot be read")]
    [InlineData("on", "text/plain; charset=utf-16", "The content type \"text/plain; charset=utf-16\" is not known")]
    [InlineData("on", "application/cbor", "The content type \"application/cbor\" is not known")]
    [InlineData("on", ";", "The content type \";\" is not known")]
    public void A_content_type_is_believed(string payload, string contentType, string beginning) =>
        Assert.StartsWith(beginning, Refusal(new CommandMessage(Encoding.UTF8.GetBytes(payload), ContentType: contentType)), StringComparison.Ordinal);

    [Fact]
    public void Text_in_another_encoding_is_refused()
    {
        Assert.Equal("The text is not UTF-8; send it in UTF-8.", Refusal(new CommandMessage(Encoding.Latin1.GetBytes("Schalte das Licht über dem Tisch an"))));
        Assert.Equal("The text is not UTF-8; send it in UTF-8.", Refusal(new CommandMessage(new byte[] { 0xFF, 0xFE, (byte)'o', 0, (byte)'n', 0 })));
    }

    [Fact]
    public void A_refusal_carries_the_id_where_one_could_be_read() =>
        Assert.Equal("7", CommandReader.Read(new CommandMessage("""{"id":"7","text":5}"""u8.ToArray())).Id);

    [Fact]
    public void Any_bytes_become_a_command_or_a_refusal_of_one_line()
    {
        string[] parts = ["{", "}", "[", "\"text\"", ":", "\"on\"", ",", "\"id\"", "\"\\ud800\"", "\uFEFF", " ", "1", "\0"];
        var pieces = Gen.Int[0, parts.Length - 1].Select(i => parts[i]).Array[0, 12].Select(p => Encoding.UTF8.GetBytes(string.Concat(p)));
        Gen.OneOf(Gen.Byte.Array[0, 64], pieces).Sample(payload =>
            CommandReader.Read(new CommandMessage(payload)) is not CommandReading.Refused refused || !refused.Sentence.Contains('\n', StringComparison.Ordinal));
    }

    private static string Refusal(CommandMessage message) => Assert.IsType<CommandReading.Refused>(CommandReader.Read(message)).Sentence;
}
