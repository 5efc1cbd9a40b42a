using Edge.Functions;
using Edge.Functions.Buses;
using Edge.Functions.Gpio;
using Edge.Functions.Safety;
using Edge.Functions.Survey;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary>The hardware part of <c>edge check</c>: what the board has, what is declared and does not answer, what sounds dangerous.</summary>
internal static class BoardListing
{
    /// <returns>Whether everything declared answers.</returns>
    public static bool Print(HouseSettings house)
    {
        var chips = ChipFinder.Available();
        var clock = TimeProvider.System;
        var buses = BusBoard.Kernel(clock);
        foreach (string warning in NameWarnings.Of(house.Devices))
        {
            Console.WriteLine($"Note: {warning}");
        }

        foreach (string warning in SoftwarePwm.Notices(house.Devices))
        {
            Console.WriteLine($"Note: {warning}");
        }

        foreach (var topic in new BoardSurvey(house.SysfsRoot, chips, buses).Look().GroupBy(f => f.Topic))
        {
            Console.WriteLine($"{topic.Key}:");
            foreach (var finding in topic)
            {
                Console.WriteLine(finding.Suggestion is null ? $"  {finding.Text}" : $"  {finding.Text,-44}  {finding.Suggestion}");
            }
        }

        // Where lines are simulated, so are the parts.
        if (house.Gpio.Driver == GpioSettings.Simulated || ChipFinder.Pick(chips, house.Gpio.Chip) is null)
        {
            return true;
        }

        var missing = DeclaredParts.Missing(house.Devices, house.Expanders, house.Displays, house.SysfsRoot, house.ReadDeadline, buses, clock);
        foreach (string line in missing)
        {
            Console.Error.WriteLine(line);
        }

        return missing.Count == 0;
    }
}
