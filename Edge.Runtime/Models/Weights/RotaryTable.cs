using System.Runtime.InteropServices;

namespace Edge.Runtime.Models.Weights;

/// <summary>
/// Cosines or sines of the rotary angles, float (positions, head dimension / 2): the angle of position p in pair i is
/// p · base^(−2i / head dimension). Source: Su et al. 2021, RoFormer, section 3.4.2.
/// </summary>
internal sealed class RotaryTable(string name, ModelConfig config, int positions, Func<double, double> wave, long at) : Weight
{
    public override string Name => name;

    public override long SourceBytes => 0;

    public override void Write(WeightFile file, CancellationToken cancellationToken)
    {
        float[] row = new float[config.HeadDim / 2];
        for (int position = 0; position < positions; position++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int pair = 0; pair < row.Length; pair++)
            {
                row[pair] = (float)wave(position * Math.Pow(config.RopeTheta, -2.0 * pair / config.HeadDim));
            }

            file.Write(at + ((long)position * row.Length * sizeof(float)), MemoryMarshal.AsBytes<float>(row));
        }
    }
}
