namespace Edge.Tests.Grammars.Reference;

/// <summary>The texts of a value that differ in the order of members only.</summary>
internal static class Spellings
{
    private const int Max = 5000;

    /// <summary>Every order of every map's members, numbers as short as possible.</summary>
    public static IEnumerable<byte[]> Of(JsonTerm value) => Orders(CanonicalForm.Shortest(value)).Take(Max).Select(JsonWriter.Write);

    private static IEnumerable<JsonTerm> Orders(JsonTerm value) => value switch
    {
        JsonTerm.List list => Sequences([.. list.Items]).Select(items => new JsonTerm.List(items)),
        JsonTerm.Map map => Permutations([.. map.Members]).SelectMany(members =>
            Sequences([.. members.Select(member => member.Value)]).Select(values => new JsonTerm.Map([.. members.Zip(values, (member, v) => KeyValuePair.Create(member.Key, v))]))),
        _ => [value],
    };

    private static IEnumerable<List<JsonTerm>> Sequences(JsonTerm[] items)
    {
        IEnumerable<List<JsonTerm>> all = [[]];
        foreach (var item in items)
        {
            all = all.SelectMany(start => Orders(item).Select(order => (List<JsonTerm>)[.. start, order]));
        }

        return all;
    }

    private static IEnumerable<List<T>> Permutations<T>(List<T> items)
    {
        if (items.Count <= 1)
        {
            return [items];
        }

        return items.SelectMany((first, i) => Permutations([.. items.Where((_, j) => j != i)]).Select(rest => (List<T>)[first, .. rest]));
    }
}
