namespace Edge.Tests.Grammars.Reference;

/// <summary>A JSON value as the judge sees it; members keep their order, numbers their text.</summary>
internal abstract record JsonTerm
{
    public sealed record Null : JsonTerm;

    public sealed record Flag(bool Value) : JsonTerm;

    public sealed record Number(string Text) : JsonTerm
    {
        public Exact Value { get; } = Exact.Parse(Text);
    }

    /// <param name="Value">May hold lone surrogates, where they were written as escapes.</param>
    public sealed record Chars(string Value) : JsonTerm;

    public sealed record List(IReadOnlyList<JsonTerm> Items) : JsonTerm;

    public sealed record Map(IReadOnlyList<KeyValuePair<string, JsonTerm>> Members) : JsonTerm
    {
        public JsonTerm? this[string key] => Members.LastOrDefault(member => member.Key == key).Value;

        public bool HasDuplicates => Members.DistinctBy(member => member.Key, StringComparer.Ordinal).Count() < Members.Count;
    }

    /// <summary>JSON Schema's equality: numbers by value, members in any order.</summary>
    public static bool Same(JsonTerm left, JsonTerm right) => (left, right) switch
    {
        (Null, Null) => true,
        (Flag a, Flag b) => a.Value == b.Value,
        (Number a, Number b) => a.Value.CompareTo(b.Value) == 0,
        (Chars a, Chars b) => a.Value == b.Value,
        (List a, List b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => Same(pair.First, pair.Second)),
        (Map a, Map b) => a.Members.Count == b.Members.Count && a.Members.All(member => b[member.Key] is { } other && Same(member.Value, other)),
        _ => false,
    };
}
