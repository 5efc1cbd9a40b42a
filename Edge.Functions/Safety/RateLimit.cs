using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Settings;

namespace Edge.Functions.Safety;

/// <summary>Keeps relays and motors from being worn out or torn. The way to the safe value is always free.</summary>
internal static class RateLimit
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static Denial? Objection(DeviceAction action, HouseProjection house)
    {
        var device = action.Device;
        var condition = house.Of(device.Name);
        if (condition.MovedAt.Count == 0 || ActionEffect.IsNoChange(action, condition.State))
        {
            return null;
        }

        var wait = condition.MovedAt[^1] + device.Rules.ChangeInterval - house.Now;
        if (wait > TimeSpan.Zero)
        {
            return new Denial("too-soon", $"{device.Name} may change again in {Say(wait)}; it rests {DurationText.Format(device.Rules.ChangeInterval)} between changes ({device.Place}).");
        }

        int recent = condition.MovedAt.Count(at => at > house.Now - Window);
        return recent < device.Rules.ChangesMax
            ? null
            : new Denial("too-often", $"{device.Name} changed {recent} times within a minute; at most {device.Rules.ChangesMax} are allowed, so wait or raise its changesPerMinute ({device.Place}).");
    }

    /// <summary>Rounded up: after that time it is allowed.</summary>
    private static string Say(TimeSpan wait) => wait.TotalSeconds < 1
        ? $"{Math.Ceiling(wait.TotalMilliseconds)} ms"
        : $"{Math.Ceiling(wait.TotalSeconds)} s";
}
