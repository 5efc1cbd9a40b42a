using Edge.Runtime.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Runtime.Inference.SelfTest;

/// <summary>MatMulNBits against plain arithmetic: floats (level 0), and 8-bit inputs (level 4) by MLAS and, where the CPU has it, by KleidiAI.</summary>
internal static class MatrixCheck
{
    // Sums of floats in another order.
    private const double Rounding = 2e-5;

    // Of the exact product: what 8-bit inputs may cost.
    private const double EightBits = 2e-2;

    public static IEnumerable<KernelCheck> Run()
    {
        var random = new Random(38);
        var matrix = new BlockMatrix(rows: 192, columns: 256, random);
        foreach (int inputs in (int[])[1, 7, 32])
        {
            float[] x = [.. Enumerable.Range(0, inputs * matrix.Columns).Select(_ => (float)((random.NextDouble() * 4) - 1.5))];
            double[] exact = matrix.Exact(x);
            yield return KernelCheck.Compare($"MatMulNBits level 0, {inputs} inputs", Multiply(matrix, x, level: 0, withKleidi: false), exact, Rounding);

            // Which kernel answers is ONNX Runtime's choice by CPU; each has a reference of its own, and one of them must fit.
            foreach (bool withKleidi in (bool[])[false, true])
            {
                string name = $"MatMulNBits level 4, {inputs} inputs, {(withKleidi ? "usual path" : "without KleidiAI")}";
                float[] y = Multiply(matrix, x, level: 4, withKleidi);
                KernelCheck[] fits =
                [
                    KernelCheck.Compare($"{name}: MLAS, 8 bits", y, matrix.InBlocks(x), Rounding),
                    KernelCheck.Compare($"{name}: floats, as without dot product", y, exact, Rounding),
                    .. withKleidi ? [KernelCheck.Compare($"{name}: KleidiAI", y, matrix.InRows(x), Rounding)] : Array.Empty<KernelCheck>(),
                ];
                yield return fits.FirstOrDefault(f => f.Passed) ?? fits[0];
                yield return KernelCheck.Compare($"{name}, to the exact product", y, exact, EightBits);
            }
        }
    }

    private static float[] Multiply(BlockMatrix matrix, float[] x, int level, bool withKleidi)
    {
        int blocks = matrix.Columns / BlockMatrix.Block;
        byte[] model = new OperatorGraph("MatMulNBits")
            .Input("x", OnnxType.Float, "inputs", matrix.Columns)
            .Weight<byte>("weights", OnnxType.UInt8, matrix.Quants, matrix.Rows, blocks, BlockMatrix.Block / 2)
            .Weight<float>("scales", OnnxType.Float, matrix.Scales, matrix.Rows * blocks)
            .Output("y", "inputs", matrix.Rows)
            .Attribute("K", matrix.Columns).Attribute("N", matrix.Rows).Attribute("bits", 4).Attribute("block_size", BlockMatrix.Block).Attribute("accuracy_level", level)
            .ToBytes();
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        options.AddSessionConfigEntry("mlas.disable_kleidiai", withKleidi ? "0" : "1");
        using var session = new InferenceSession(model, options);
        using var input = OrtValue.CreateTensorValueFromMemory(x, [x.Length / matrix.Columns, matrix.Columns]);
        using var run = new RunOptions();
        using var results = session.Run(run, ["x"], [input], ["y"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
