namespace Edge.Tests.Grammars.Reference;

/// <summary>The texts of a value that differ in the order of members only.</summary>
internal static class Spellings
{
    private const int Max = 5000;

    /// <summary>Every order of every map's members, numbers as short as possible.</summary>
    public static IEnumerable<byte[]> Of(Json value) => Orders(CanonicalForm.Shortest(value)).Take(Max).Select(JsonWriter.Write);

    private static IEnumerable<Json> Orders(Json value) => value switch
    {
        Json.List list => Sequences([.. list.Items]).Select(items => new Json.List(items)),
        Json.Map map => Permutations([.. map.Members]).SelectMany(members =>
            Sequences([.. members.Select(member => member.Value)]).Select(values => new Json.Map([.. members.Zip(values, (member, v) => KeyValuePair.Create(member.Key, v))]))),
        _ => [value],
    };

    private static IEnumerable<List<Json>> Sequences(Json[] items)
    {
        IEnumerable<List<Json>> all = [[]];
        foreach (var item in items)
        {
            all = all.SelectMany(start => Orders(item).Select(order => (List<Json>)[.. start, order]));
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
