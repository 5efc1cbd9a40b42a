using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Edge.Runtime.Hosting.Metrics;

/// <summary>
/// Gathers Edge's instruments and writes them as Prometheus text, version 0.0.4. Source: prometheus.io/docs/instrumenting/exposition_formats.
/// Every instrument is told from the start on, with its help and type. Labels come from code and from denials' codes, so there are few; at most <see cref="SeriesMax"/> series are kept all the same.
/// </summary>
public sealed class PrometheusText : IDisposable
{
    public const int SeriesMax = 512;

    // Seconds: from one look of the gate to the longest deadline.
    private static readonly double[] s_buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Lock _writing = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private int _series;

    /// <param name="metrics">Its instruments, and no others.</param>
    public PrometheusText(ServiceMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter))
            {
                Begin(instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Take(i, value, tags));
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Take(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Take(i, value, tags));
        _listener.Start();
    }

    public string Write()
    {
        // Two at once would take each other's observations away.
        lock (_writing)
        {
            return WriteAlone();
        }
    }

    public void Dispose() => _listener.Dispose();

    private string WriteAlone()
    {
        lock (_lock)
        {
            // What a gauge no longer tells must not stand there for ever; what observes itself tells everything again.
            foreach (var gauge in _families.Values.Where(f => f.IsObserved))
            {
                _series -= gauge.Series.Count;
                gauge.Series.Clear();
            }
        }

        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        lock (_lock)
        {
            foreach (var (name, family) in _families)
            {
                text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {Escaped(family.Help)}\n# TYPE {name} {family.Kind}\n");
                foreach (var (labels, series) in family.Series)
                {
                    series.WriteTo(text, name, labels);
                }
            }
        }

        return text.ToString();
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = Labels(tags);
        lock (_lock)
        {
            var family = _families[NameOf(instrument)];
            if (!family.Series.TryGetValue(labels, out var series))
            {
                if (_series == SeriesMax)
                {
                    return;
                }

                _series++;
                family.Series[labels] = series = new Series(family.Kind);
            }

            series.Take(value);
        }
    }

    private void Begin(Instrument instrument)
    {
        lock (_lock)
        {
            _families[NameOf(instrument)] = new Family(KindOf(instrument), instrument.Description ?? "", instrument.IsObservable);
        }
    }

    private static string KindOf(Instrument instrument) => instrument switch
    {
        Histogram<double> => "histogram",
        Counter<long> or ObservableCounter<long> => "counter",
        _ => "gauge",
    };

    private static string NameOf(Instrument instrument)
    {
        string unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", "Cel" => "_celsius", _ => "" };
        return instrument.Name.Replace('.', '_') + unit + (KindOf(instrument) == "counter" ? "_total" : "");
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            string escaped = Escaped($"{value}").Replace("\"", "\\\"", StringComparison.Ordinal);
            text.Append(text.Length > 0 ? "," : "").Append(name).Append("=\"").Append(escaped).Append('"');
        }

        return text.ToString();
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private sealed record Family(string Kind, string Help, bool IsObserved)
    {
        public SortedDictionary<string, Series> Series { get; } = new(StringComparer.Ordinal);
    }

    private sealed class Series(string kind)
    {
        private readonly long[] _counts = kind == "histogram" ? new long[s_buckets.Length] : [];
        private double _sum;
        private long _count;

        public void Take(double value)
        {
            _sum = kind == "gauge" ? value : _sum + value;
            _count++;
            for (int i = 0; i < _counts.Length; i++)
            {
                _counts[i] += value <= s_buckets[i] ? 1 : 0;
            }
        }

        public void WriteTo(StringBuilder text, string name, string labels)
        {
            if (kind != "histogram")
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}{Braced(labels)} {_sum}\n");
                return;
            }

            string before = labels.Length > 0 ? labels + "," : "";
            for (int i = 0; i < _counts.Length; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{before}le=\"{s_buckets[i]}\"}} {_counts[i]}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{before}le=\"+Inf\"}} {_count}\n");
            text.Append(CultureInfo.InvariantCulture, $"{name}_sum{Braced(labels)} {_sum}\n{name}_count{Braced(labels)} {_count}\n");
        }

        private static string Braced(string labels) => labels.Length > 0 ? $"{{{labels}}}" : "";
    }
}
