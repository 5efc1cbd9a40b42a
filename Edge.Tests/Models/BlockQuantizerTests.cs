using CsCheck;
using Edge.Runtime.Models.Quantization;
using Xunit;

namespace Edge.Tests.Models;

public sealed class BlockQuantizerTests
{
    [Fact]
    public void The_largest_magnitude_becomes_the_lowest_value_and_low_nibbles_come_first()
    {
        float[] row = new float[32];
        (row[0], row[1], row[2], row[3]) = (0.5f, 1f, -4f, 3.5f);
        var (quants, scales) = Quantize(row, 4);
        Assert.Equal((Half)0.5f, scales[0]);
        Assert.Equal(0xA9, quants[0]); // 1 and 2, plus 8
        Assert.Equal(0xF0, quants[1]); // −8 and 7, plus 8
        Assert.Equal(0x88, quants[2]);
    }

    [Fact]
    public void Of_two_that_are_largest_the_first_decides_the_sign()
    {
        float[] row = new float[32];
        (row[5], row[9]) = (2f, -2f);
        var (quants, scales) = Quantize(row, 4);
        Assert.Equal((Half)(-0.25f), scales[0]);
        Assert.Equal(0x08, quants[2]); // 2 / −0.25 = −8 in the high nibble
        Assert.Equal(0xF8, quants[4]); // 8, held at 7
    }

    [Fact]
    public void Halves_round_to_even()
    {
        float[] row = new float[32];
        (row[0], row[1], row[2]) = (-8f, 0.5f, 1.5f);
        var (quants, _) = Quantize(row, 4);
        Assert.Equal(0x80, quants[0]);
        Assert.Equal(0x8A, quants[1]);
    }

    [Fact]
    public void A_block_of_zeros_has_scale_zero_and_stays_zero()
    {
        var (quants, scales) = Quantize(new float[64], 4);
        Assert.All(scales, s => Assert.Equal((Half)0, s));
        Assert.All(quants, q => Assert.Equal(0x88, q));
    }

    [Fact]
    public void A_row_that_ends_within_a_block_is_filled_with_zeros()
    {
        float[] row = [.. Enumerable.Repeat(-1f, 35)];
        var (quants, scales) = Quantize(row, 8);
        Assert.Equal(2, scales.Length);
        Assert.Equal([0, 0, 0, 128, 128], quants[32..37]);
    }

    [Fact]
    public void A_weight_too_large_for_its_scale_is_refused() =>
        Assert.False(new BlockQuantizer(4, 32).TryQuantize(new float[] { 1e6f }, new byte[16], new Half[1]));

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void No_weight_is_off_by_more_than_a_step(int bits) => Gen.Float[-1, 1].Array[32].Sample(row =>
    {
        var (quants, scales) = Quantize(row, bits);
        float step = MathF.Abs((float)scales[0]);
        for (int i = 0; i < row.Length; i++)
        {
            int quant = bits == 8 ? quants[i] - 128 : ((quants[i / 2] >> (4 * (i % 2))) & 15) - 8;
            Assert.True(MathF.Abs((quant * (float)scales[0]) - row[i]) <= step * 1.01f);
        }
    });

    private static (byte[] Quants, Half[] Scales) Quantize(float[] row, int bits)
    {
        var quantizer = new BlockQuantizer(bits, 32);
        int blocks = quantizer.BlocksInRow(row.Length);
        byte[] quants = new byte[blocks * quantizer.BlockBytes];
        var scales = new Half[blocks];
        Assert.True(quantizer.TryQuantize(row, quants, scales));
        return (quants, scales);
    }
}
