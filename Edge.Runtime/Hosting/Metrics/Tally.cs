using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;

namespace Edge.Runtime.Hosting.Metrics;

/// <summary>Counts by the value of one label; they only grow. Thread-safe.</summary>
/// <param name="label">For example <c>status</c>.</param>
/// <param name="begin">Values that stand at 0 before their first count, so that a rate sees it.</param>
internal sealed class Tally(string label, params string[] begin)
{
    /// <summary>Some codes come from other boards: whoever invents them must not fill the memory.</summary>
    public const int ValuesMax = 64;
    private const string Other = "other";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, long> _counts = new(begin.ToDictionary(v => v, _ => 0L), StringComparer.Ordinal);

    public long Sum
    {
        get
        {
            lock (_lock)
            {
                return _counts.Values.Sum();
            }
        }
    }

    public void Add(string value, long count = 1)
    {
        lock (_lock)
        {
            string counted = _counts.ContainsKey(value) || _counts.Count < ValuesMax ? value : Other;
            _counts[counted] = _counts.GetValueOrDefault(counted) + count;
        }
    }

    public long this[string value]
    {
        get
        {
            lock (_lock)
            {
                return _counts.GetValueOrDefault(value);
            }
        }
    }

    public IReadOnlyList<Measurement<long>> Measure()
    {
        lock (_lock)
        {
            return [.. _counts.Select(c => new Measurement<long>(c.Value, new KeyValuePair<string, object?>(label, c.Key)))];
        }
    }

    public JsonObject ToJson()
    {
        lock (_lock)
        {
            return new JsonObject(_counts.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)JsonValue.Create(c.Value))));
        }
    }
}
