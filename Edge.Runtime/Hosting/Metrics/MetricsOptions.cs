using Edge.Functions.Settings;

namespace Edge.Runtime.Hosting.Metrics;

/// <summary>The section <c>metrics</c>.</summary>
/// <param name="Port">Prometheus text on 127.0.0.1:port/metrics; null for none.</param>
public sealed record MetricsOptions(int? Port = null)
{
    public static MetricsOptions Read(SettingsSection metrics)
    {
        var read = new MetricsOptions(metrics.OptionalInteger("port", 1, 65535));
        metrics.Done();
        return read;
    }
}
