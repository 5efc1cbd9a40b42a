using System.Globalization;
using System.Text;
using Edge.Runtime.Tokens.Unicode;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Tokens.Unicode;

public sealed class CompositionTests
{
    /// <summary>400 random texts of letters, marks and Hangul, composed by Python's unicodedata.</summary>
    [Fact]
    public void Composed_text_is_what_another_implementation_makes_of_it()
    {
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "Edge.Tests", "Tokens", "Unicode", "nfc.txt")))
        {
            string[] sides = line.Split(';');
            Assert.Equal(Text(sides[1]), Composition.Apply(Text(sides[0])));
            Assert.Equal(Text(sides[1]), Composition.Apply(Text(sides[1])));
        }
    }

    [Fact]
    public void Text_that_needs_nothing_stays_the_same_string()
    {
        const string text = "licht aus im Küchenflur";
        Assert.Same(text, Composition.Apply(text));
    }

    private static string Text(string codes) => codes.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(new StringBuilder(), (text, code) => text.Append(new Rune(int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString())).ToString();
}
