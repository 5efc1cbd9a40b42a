using Edge.Runtime.Inference;
using Edge.Runtime.Models;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Inference;

public sealed class DecoderAllocationTests
{
    [Fact]
    public void A_decoded_token_allocates_nothing()
    {
        using var decoder = new OnnxDecoder(ModelFolder.Open(ShippedModel.Folder), new DecoderOptions { Threads = 1, ContextMax = 256 });
        decoder.Run([1, 3, 451, 365]);
        for (int i = 0; i < 40; i++)
        {
            // Long enough for the runtime to have made what calls into native code need.
            decoder.Run([313]);
        }

        int[] next = [397];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 16; i++)
        {
            decoder.Run(next);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("turn on the kitchen light")]
    [InlineData("dim the desk lamp to 40 percent and read the bedroom temperature")]
    public void An_answer_allocates_nothing_but_itself(string text)
    {
        using var model = ShippedModel.Open();
        var matcher = model.Matcher(SampleFunctions.Some, new());
        int[] prompt = new Runtime.Prompts.EdgeTemplate(model.Tokenizer).Build(SampleFunctions.Some, [new Runtime.Prompts.Turn.User(text)]).Ids;
        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var answer = model.Answers.Decode(prompt, matcher, new DecodeLimits(), CancellationToken.None);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(StopReason.End, answer.Stop);
            return bytes - (answer.Tokens.Length * sizeof(int));
        }

        Allocated();
        Allocated();

        // The least of a few: a collection that another test causes ends this thread's allocation block, and what was left of it counts as used.
        Assert.InRange(Enumerable.Range(0, 5).Min(_ => Allocated()), 0, 512);
    }

    [Fact]
    public void Forgotten_tokens_leave_no_trace()
    {
        using var decoder = new OnnxDecoder(ModelFolder.Open(ShippedModel.Folder), new DecoderOptions { Threads = 1, ContextMax = 256 });
        decoder.Run([1, 3, 451]);
        float[] first = decoder.Run([365]).ToArray();
        decoder.Run([20, 20, 20, 20]);
        decoder.Truncate(3);
        Assert.Equal(first, decoder.Run([365]).ToArray());
    }

    [Fact]
    public void A_context_that_is_full_is_said_before_anything_runs()
    {
        using var decoder = new OnnxDecoder(ModelFolder.Open(ShippedModel.Folder), new DecoderOptions { Threads = 1, ContextMax = 4 });
        decoder.Run([1, 3, 4]);
        Assert.Throws<InvalidOperationException>(() => { decoder.Run([5, 6]); });
        Assert.Equal(3, decoder.Length);
    }
}
