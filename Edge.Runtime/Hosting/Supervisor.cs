using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace Edge.Runtime.Hosting;

/// <summary>The service manager that started this process and listens for signs of life (sd_watchdog_enabled(3), sd_notify(3)).</summary>
/// <param name="Tell">Sends one datagram: <c>WATCHDOG=1</c>.</param>
/// <param name="Patience">After so long without a sign it kills the process; null when it does not wait for any.</param>
public sealed record Supervisor(Action<string> Tell, TimeSpan? Patience)
{
    /// <returns>Null where nobody listens.</returns>
    public static Supervisor? FromEnvironment()
    {
        var notifier = new SystemdNotifier();
        return notifier.IsEnabled
            ? new Supervisor(text => notifier.Notify(new ServiceState(text)), PatienceOf(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"), Environment.ProcessId))
            : null;
    }

    /// <summary>The manager waits for this process, unless it names another.</summary>
    internal static TimeSpan? PatienceOf(string? microseconds, string? process, int own)
    {
        bool isMeant = process is null || (int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id == own);
        return isMeant && long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long time) && time is > 0 and < long.MaxValue / 10
            ? TimeSpan.FromTicks(time * 10)
            : null;
    }
}
