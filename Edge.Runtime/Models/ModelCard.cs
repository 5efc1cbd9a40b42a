namespace Edge.Runtime.Models;

/// <summary>What the front matter of a folder's README.md says.</summary>
internal static class ModelCard
{
    /// <summary>The <c>license:</c> line; null without one.</summary>
    public static string? LicenceOf(string folder)
    {
        string card = Path.Combine(folder, "README.md");
        if (!File.Exists(card))
        {
            return null;
        }

        var lines = File.ReadLines(card).Take(200).ToList();
        const string key = "license:";
        return lines is ["---", ..]
            ? lines.Skip(1).TakeWhile(l => l != "---").FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Trim(' ', '"', '\'')
            : null;
    }
}
