namespace Edge.Functions.Devices;

/// <summary>
/// While a Raspberry Pi resets, GPIO 0 to 8 are pulled up and 9 to 27 down: a relay that answers to that level switches before anybody
/// is there to stop it. Source: BCM2711 and RP1 peripherals data sheets, table of default pulls.
/// </summary>
public static class ResetPull
{
    private const int PulledUpMax = 8;
    private const int HeaderMax = 27;

    /// <summary>A sentence for each output whose pull at reset is its unsafe level; only for lines of the default chip.</summary>
    public static IEnumerable<string> Warnings(IEnumerable<DeviceDeclaration> devices)
    {
        foreach (var device in devices)
        {
            foreach (var (line, activeLow, safeActive) in Outputs(device.Wiring))
            {
                bool pulledHigh = line.Offset <= PulledUpMax;
                bool safeHigh = safeActive != activeLow;
                if (line.Chip is null && line.Offset <= HeaderMax && pulledHigh != safeHigh)
                {
                    yield return $"{device.Name} is {(activeLow ? "active low" : "active high")} on line {line.Offset}, which is pulled {(pulledHigh ? "up" : "down")} at reset, so it may switch while the board starts; use a line from {(safeHigh ? "2 to 8" : "9 to 27")} ({device.Place}).";
                }
            }
        }
    }

    private static IEnumerable<(LineAddress Line, bool ActiveLow, bool SafeActive)> Outputs(Wiring wiring) => wiring switch
    {
        Wiring.Output output => [(output.Line, output.ActiveLow, output.SafeActive)],
        Wiring.TwoWay motor => [(motor.OpenLine, motor.ActiveLow, false), (motor.CloseLine, motor.ActiveLow, false)],
        Wiring.Stepper motor => motor.Coils.Select(c => (c, false, false)),
        _ => [],
    };
}
