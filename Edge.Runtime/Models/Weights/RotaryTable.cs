using System.Runtime.InteropServices;

namespace Edge.Runtime.Models.Weights;

/// <summary>Cosines or sines of the rotary angles, float (positions, turning dimensions / 2): position · frequency of the pair.</summary>
internal sealed class RotaryTable(string name, RotaryConfig rotary, int positions, Func<double, double> wave, long at) : Weight
{
    public override string Name => name;

    public override long SourceBytes => 0;

    public override void Write(WeightFile file, CancellationToken cancellationToken)
    {
        double[] frequencies = rotary.Frequencies();
        float[] row = new float[frequencies.Length];
        for (int position = 0; position < positions; position++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int pair = 0; pair < row.Length; pair++)
            {
                row[pair] = (float)wave(position * frequencies[pair]);
            }

            file.Write(at + ((long)position * row.Length * sizeof(float)), MemoryMarshal.AsBytes<float>(row));
        }
    }
}
