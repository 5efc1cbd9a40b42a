namespace Edge.Runtime.Mqtt.Homie;

/// <summary>Homie's topic ids: lower-case letters, digits and hyphens (Homie 5.0, "Topic IDs").</summary>
internal static class HomieNames
{
    public static bool IsId(string id) => id.Length > 0 && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>A name as an id that is not yet taken, and takes it.</summary>
    public static string Take(string name, ISet<string> taken)
    {
        string id = string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '-'));
        string free = id;
        for (int i = 2; !taken.Add(free); i++)
        {
            free = $"{id}-{i}";
        }

        return free;
    }
}

/// <summary>The section <c>homie</c> of edge.yaml.</summary>
/// <param name="Enabled">Off unless the owner has a Homie controller.</param>
/// <param name="Domain">Homie's domain, the first level of its topics.</param>
public sealed record HomieOptions(bool Enabled = false, string Domain = "homie");
