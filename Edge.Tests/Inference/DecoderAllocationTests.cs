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
        decoder.Run([313]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 16; i++)
        {
            decoder.Run([397]);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
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
