using Edge.Runtime.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Runtime.Inference.SelfTest;

/// <summary>GroupQueryAttention with rotary embedding, cache and bias against plain arithmetic: a prompt, then one token more.</summary>
internal static class AttentionCheck
{
    private const int Heads = 4, KvHeads = 2, Size = 64, Positions = 32;
    private const double Rounding = 1e-5;

    public static IEnumerable<KernelCheck> Run()
    {
        var random = new Random(7);
        var reference = new AttentionReference(Heads, KvHeads, Size, Positions);
        byte[] model = Graph(reference);
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(model, options);
        float[] keys = [], values = [];
        int past = 0;
        foreach (int tokens in (int[])[9, 1, 1])
        {
            float[] q = Noise(random, tokens * Heads * Size), k = Noise(random, tokens * KvHeads * Size), v = Noise(random, tokens * KvHeads * Size);
            float[] bias = Noise(random, tokens * (past + tokens));
            double[] expected = reference.Next(q, k, v, bias);
            (float[] actual, keys, values) = Attend(session, q, k, v, bias, keys, values, past);
            yield return KernelCheck.Compare($"GroupQueryAttention, {tokens} tokens after {past}", actual, expected, Rounding);
            past += tokens;
        }
    }

    private static float[] Noise(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1))];

    private static byte[] Graph(AttentionReference reference) => new OperatorGraph("GroupQueryAttention")
        .Input("q", OnnxType.Float, 1, "tokens", Heads * Size)
        .Input("k", OnnxType.Float, 1, "tokens", KvHeads * Size)
        .Input("v", OnnxType.Float, 1, "tokens", KvHeads * Size)
        .Input("past_k", OnnxType.Float, 1, KvHeads, "past", Size)
        .Input("past_v", OnnxType.Float, 1, KvHeads, "past", Size)
        .Input("last", OnnxType.Int32, 1)
        .Input("total", OnnxType.Int32, 1)
        .Weight<float>("cos", OnnxType.Float, reference.Cosines, Positions, Size / 2)
        .Weight<float>("sin", OnnxType.Float, reference.Sines, Positions, Size / 2)
        .Input("positions", OnnxType.Int64, 1, "tokens")
        .Input("bias", OnnxType.Float, 1, 1, "tokens", "all")
        .Output("y", 1, "tokens", Heads * Size)
        .Output("present_k", 1, KvHeads, "all", Size)
        .Output("present_v", 1, KvHeads, "all", Size)
        .Attribute("num_heads", Heads).Attribute("kv_num_heads", KvHeads).Attribute("do_rotary", 1)
        .ToBytes();

    private static (float[] Y, float[] Keys, float[] Values) Attend(
        InferenceSession session, float[] q, float[] k, float[] v, float[] bias, float[] keys, float[] values, int past)
    {
        int tokens = q.Length / (Heads * Size), total = past + tokens;
        using var run = new RunOptions();
        OrtValue[] inputs =
        [
            Tensor(q, 1, tokens, Heads * Size), Tensor(k, 1, tokens, KvHeads * Size), Tensor(v, 1, tokens, KvHeads * Size),
            Tensor(keys, 1, KvHeads, past, Size), Tensor(values, 1, KvHeads, past, Size),
            Tensor([total - 1], 1), Tensor([total], 1),
            Tensor([.. Enumerable.Range(past, tokens).Select(p => (long)p)], 1, tokens), Tensor(bias, 1, 1, tokens, total),
        ];
        try
        {
            using var results = session.Run(run, ["q", "k", "v", "past_k", "past_v", "last", "total", "positions", "bias"], inputs, ["y", "present_k", "present_v"]);
            return (Copy(results[0]), Copy(results[1]), Copy(results[2]));
        }
        finally
        {
            foreach (var input in inputs)
            {
                input.Dispose();
            }
        }
    }

    private static OrtValue Tensor<T>(T[] values, params long[] shape)
        where T : unmanaged => OrtValue.CreateTensorValueFromMemory(values, shape);

    private static float[] Copy(OrtValue value) => value.GetTensorDataAsSpan<float>().ToArray();
}
