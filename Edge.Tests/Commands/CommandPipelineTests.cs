using System.Text.Json.Nodes;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Runtime.Commands;
using Edge.Runtime.Inference;
using Edge.Runtime.Prompts;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Commands;

public sealed class CommandPipelineTests
{
    private const string Nothing = "<|say|>Done.<|end|>";
    private readonly List<FunctionCall> _invoked = [];
    private double _temperature = 26;

    [Fact]
    public void The_reply_says_what_was_read_back_not_what_the_model_claims()
    {
        var reply = Run("turn on the kitchen light", Call("turn_on", "device", "kitchen light"), "<|say|>I turned on the sun.<|end|>");
        Assert.Equal(ReplyStatus.Ok, reply.Status);
        Assert.Equal("turn_on done.", reply.Sentence);
        Assert.Single(_invoked);
    }

    [Fact]
    public void What_is_only_to_be_understood_names_the_calls_and_makes_none()
    {
        using var model = new LanguageModel(new ScriptedDecoder(ShippedModel.Tokenizer, [Call("turn_on", "device", "kitchen light")]), ShippedModel.Tokenizer, TimeProvider.System);
        var pipeline = new CommandPipeline(model, new EdgeTemplate(ShippedModel.Tokenizer), Catalog(), Invoke, new PipelineOptions(), TimeProvider.System);
        var reply = pipeline.Run(Command("turn on the kitchen light") with { OnlyUnderstand = true }, TestContext.Current.CancellationToken);
        Assert.Equal("turn_on", Assert.Single(reply.Calls).Name);
        Assert.Empty(reply.Results);
        Assert.Empty(_invoked);
    }

    [Fact]
    public void Functions_that_would_leave_no_room_for_a_command_are_objected_to()
    {
        using var model = new LanguageModel(new ScriptedDecoder(ShippedModel.Tokenizer, []), ShippedModel.Tokenizer, TimeProvider.System);
        var pipeline = new CommandPipeline(model, new EdgeTemplate(ShippedModel.Tokenizer), Catalog(), Invoke, new PipelineOptions(), TimeProvider.System);
        var definitions = Catalog().Definitions;
        Assert.Null(pipeline.Objection(definitions));
        var many = Enumerable.Range(0, 2000).Select(i => definitions[0] with { Name = $"f{i}" }).ToList();
        Assert.Contains("leaves no room for a command", pipeline.Objection(many), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_in_words_moves_nothing()
    {
        var reply = Run("how are you", "<|say|>Sorry, I can't do that.<|end|>");
        Assert.Equal("Sorry, I can't do that.", reply.Sentence);
        Assert.Empty(_invoked);
    }

    [Fact]
    public void After_results_the_model_may_act_on_them()
    {
        var reply = Run("if the bedroom is above 25 degrees turn on the fan", Call("read_temperature", "location", "bedroom"), Call("turn_on", "device", "Fan"), Nothing);
        Assert.Equal(["read_temperature", "turn_on"], _invoked.Select(c => c.Name));
        Assert.Equal(ReplyStatus.Ok, reply.Status);
    }

    [Fact]
    public void A_condition_that_does_not_hold_ends_the_command_whatever_the_model_wants()
    {
        _temperature = 24.9;
        var reply = Run("if the bedroom is above 25 degrees turn on the fan", Call("read_temperature", "location", "bedroom"), Call("turn_on", "device", "Fan"), Nothing);
        Assert.Equal(["read_temperature"], _invoked.Select(c => c.Name));
        Assert.Equal("It is 24.9. That is not above 25, so nothing was changed.", reply.Sentence);
    }

    [Fact]
    public void Under_a_condition_readings_come_before_movements_of_the_same_answer()
    {
        _temperature = 20;
        Run("turn on the fan if the bedroom is above 25 degrees", Call("turn_on", "device", "Fan").Replace("<|end|>", "", StringComparison.Ordinal) + Call("read_temperature", "location", "bedroom"));
        Assert.Equal(["read_temperature"], _invoked.Select(c => c.Name));
    }

    [Fact]
    public void Nothing_moves_under_a_condition_that_was_not_measured()
    {
        var reply = Run("turn on the fan if it is above 25 degrees", Call("turn_on", "device", "Fan"));
        Assert.Empty(_invoked);
        Assert.Equal(ReplyStatus.Failed, reply.Status);
        Assert.Contains("was not measured", reply.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_repeats_itself_is_not_obeyed_twice()
    {
        Run("turn on the fan", Call("turn_on", "device", "Fan"), Call("turn_on", "device", "Fan"), Call("turn_on", "device", "Fan"));
        Assert.Single(_invoked);
    }

    [Fact]
    public void The_model_is_asked_a_limited_number_of_times()
    {
        Run("light show", Call("turn_on", "device", "Fan"), Call("turn_off", "device", "Fan"), Call("turn_on", "device", "kitchen light"), Call("turn_off", "device", "kitchen light"), Call("turn_on", "device", "garden pump"));
        Assert.Equal(4, _invoked.Count);
    }

    [Fact]
    public void A_failed_call_ends_the_command()
    {
        var reply = Run("turn on the garden pump and the fan", Call("turn_on", "device", "garden pump"), Call("turn_on", "device", "Fan"));
        Assert.Equal(ReplyStatus.Failed, reply.Status);
        Assert.Equal("The pump did not answer.", reply.Sentence);
        Assert.Single(_invoked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void An_empty_command_is_refused(string text) => Assert.Equal(ReplyStatus.Refused, Run(text).Status);

    [Fact]
    public void A_command_that_is_too_long_is_refused_with_the_limit()
    {
        var reply = Run(new string('a', 501));
        Assert.Equal(ReplyStatus.Refused, reply.Status);
        Assert.Contains("501 characters; use at most 500", reply.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_that_is_cut_off_moves_nothing()
    {
        var reply = Run("turn on the fan", new PipelineOptions(TokensMax: 4), Call("turn_on", "device", "Fan"));
        Assert.Equal(ReplyStatus.Error, reply.Status);
        Assert.Empty(_invoked);
    }

    [Fact]
    public void A_new_catalogue_is_used_from_the_next_command_on()
    {
        var catalog = Catalog();
        using var model = new LanguageModel(new ScriptedDecoder(ShippedModel.Tokenizer, Nothing, Nothing), ShippedModel.Tokenizer, TimeProvider.System);
        var pipeline = new CommandPipeline(model, new EdgeTemplate(ShippedModel.Tokenizer), catalog, Invoke, new PipelineOptions(), TimeProvider.System);
        int before = pipeline.Run(Command("hello"), CancellationToken.None).Timing.PromptTokens;
        catalog.Replace([catalog.Functions[0]]);
        Assert.True(pipeline.Run(Command("hello"), CancellationToken.None).Timing.PromptTokens < before);
    }

    [Fact]
    public void What_is_not_offered_now_cannot_be_said_and_the_prompt_stays_whole()
    {
        using var model = new LanguageModel(new ScriptedDecoder(ShippedModel.Tokenizer, Call("turn_on", "device", "Fan"), Nothing, Call("turn_on", "device", "Fan"), Nothing), ShippedModel.Tokenizer, TimeProvider.System);
        var offer = new FakeOffer { Functions = SampleFunctions.Some };
        var pipeline = new CommandPipeline(model, new EdgeTemplate(ShippedModel.Tokenizer), Catalog(), Invoke, new PipelineOptions { Offer = offer }, TimeProvider.System);
        int prompt = pipeline.Run(Command("the fan please"), TestContext.Current.CancellationToken).Timing.PromptTokens;
        Assert.Contains(_invoked, call => call.Name == "turn_on");
        _invoked.Clear();
        offer.Functions = [.. SampleFunctions.Some.Where(f => f.Name != "turn_on")];
        Assert.Equal(prompt, pipeline.Run(Command("the fan please"), TestContext.Current.CancellationToken).Timing.PromptTokens);
        Assert.DoesNotContain(_invoked, call => call.Name == "turn_on");
    }

    private sealed class FakeOffer : ICatalogOffer
    {
        public IReadOnlyList<FunctionDefinition> Functions { get; set; } = [];

        public IReadOnlyList<FunctionDefinition> Now() => Functions;
    }

    private static string Call(string name, string argument, string value) => $$$"""<|call|>{"name":"{{{name}}}","arguments":{"{{{argument}}}":"{{{value}}}"}}<|end|>""";

    private static Command Command(string text) => new("1", text, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, "test");

    private static FunctionCatalog Catalog() => new([.. SampleFunctions.Some.Select(f => new CatalogFunction(
        f,
        JsonSchema.Parse(f.Parameters),
        f.Name.StartsWith("read", StringComparison.Ordinal) ? [new ActionTemplate.Read(new Slot.Argument("location"))] : [new ActionTemplate.Set(new Slot.Argument("device"), Slot.Text("on"))],
        new Dictionary<string, IReadOnlyList<DeviceDeclaration>>()))]);

    private Reply Run(string text, params string[] answers) => Run(text, new PipelineOptions(), answers);

    private Reply Run(string text, PipelineOptions options, params string[] answers)
    {
        using var model = new LanguageModel(new ScriptedDecoder(ShippedModel.Tokenizer, answers), ShippedModel.Tokenizer, TimeProvider.System);
        return new CommandPipeline(model, new EdgeTemplate(ShippedModel.Tokenizer), Catalog(), Invoke, options, TimeProvider.System).Run(Command(text), TestContext.Current.CancellationToken);
    }

    private FunctionResult Invoke(FunctionCall call)
    {
        _invoked.Add(call);
        return call.Name == "read_temperature"
            ? new FunctionResult.Done(call.Name, new JsonObject { ["temperature"] = _temperature }, FormattableString.Invariant($"It is {_temperature}."))
            : call.Arguments.GetRawText().Contains("pump", StringComparison.Ordinal)
                ? new FunctionResult.Failed(call.Name, "The pump did not answer.")
                : new FunctionResult.Done(call.Name, new JsonObject { ["ok"] = true }, $"{call.Name} done.");
    }
}
