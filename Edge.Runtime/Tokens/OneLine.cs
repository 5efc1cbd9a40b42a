namespace Edge.Runtime.Tokens;

/// <summary>Messages quote names out of foreign files: no line breaks, no control codes for the terminal, and an end.</summary>
internal static class OneLine
{
    private const int CharsMax = 600;

    public static string Of(string message)
    {
        string shown = message.Length <= CharsMax ? message : string.Concat(message.AsSpan(0, CharsMax), "…");
        return string.Create(shown.Length, shown, static (line, text) =>
        {
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(text[i]) ? ' ' : text[i];
            }
        });
    }
}
