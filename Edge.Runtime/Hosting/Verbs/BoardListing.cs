using Edge.Functions;
using Edge.Functions.Buses;
using Edge.Functions.Gpio;
using Edge.Functions.Safety;
using Edge.Functions.Survey;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary>The hardware part of <c>edge check</c>: what the board has, what is declared and does not answer, what sounds dangerous.</summary>
internal static class BoardListing
{
    public static IEnumerable<Finding> Look(HouseSettings house)
    {
        var chips = ChipFinder.Available();
        var clock = TimeProvider.System;
        var buses = BusBoard.Kernel(clock);
        foreach (string note in NameWarnings.Of(house.Devices).Concat(SoftwarePwm.Notices(house.Devices)))
        {
            yield return new Finding("note", note);
        }

        foreach (var finding in new BoardSurvey(house.SysfsRoot, chips, buses).Look())
        {
            yield return finding;
        }

        foreach (string line in DeclaredChips.Missing(house.Gpio, house.Devices, house.Expanders, house.SysfsRoot, chips))
        {
            yield return new Finding("missing", line) { IsFault = true };
        }

        // Where lines are simulated, so are the parts.
        if (house.Gpio.AsksForSimulation || ChipFinder.Pick(chips, house.Gpio.Chip) is null)
        {
            yield break;
        }

        foreach (string line in DeclaredParts.Missing(house.Devices, house.Expanders, house.Displays, house.SysfsRoot, house.ReadDeadline, buses, clock))
        {
            yield return new Finding("missing", line) { IsFault = true };
        }

        var overlays = Overlays.ToAdd(house.Devices, house.Expanders, house.Displays, house.SysfsRoot);
        foreach (string line in overlays)
        {
            yield return new Finding("overlays", line, $"add it to {Overlays.File} and reboot") { IsFault = true };
        }

        if (overlays.Count == 0)
        {
            yield return new Finding("overlays", "none to add for what the settings name");
        }
    }
}
