using System.Device.Gpio;

namespace Edge.Functions.Gpio;

/// <summary>An open chip. Lines are named by their offset on it, as libgpiod does.</summary>
public sealed class GpioChip : IDisposable
{
    private readonly GpioController _controller;
    private readonly HashSet<int> _taken = [];

    /// <param name="simulation">The driver behind the controller when it is a simulated one.</param>
    public GpioChip(string label, GpioController controller, SimulatedGpioDriver? simulation = null)
    {
        Label = label;
        _controller = controller;
        Simulation = simulation;
    }

    /// <param name="levels">The file of <see cref="SimulatedLevels"/>; null for a chip that forgets.</param>
    /// <exception cref="HardwareFault">The file cannot be used.</exception>
    public static GpioChip Simulated(string label = GpioSettings.Simulated, string? levels = null)
    {
        var driver = new SimulatedGpioDriver(levels: levels is null ? null : SimulatedLevels.Open(levels));
        return new GpioChip(label, new GpioController(driver), driver);
    }

    public string Label { get; }

    /// <summary>The simulated lines; null on hardware.</summary>
    public SimulatedGpioDriver? Simulation { get; }

    public int LineCount => _controller.PinCount;

    /// <summary>Takes a line as an output; it starts at its safe value.</summary>
    /// <param name="owner">The device that owns it, which permits must name.</param>
    /// <exception cref="HardwareFault">There is no such line, or somebody else holds it.</exception>
    public OutputLine OpenOutput(int offset, string owner, bool activeLow = false, bool safeActive = false, LineDrive drive = LineDrive.PushPull, LineBias bias = LineBias.None)
    {
        return Open(offset, owner, () => new OutputLine(_controller, Label, offset, owner, activeLow, safeActive, drive, bias));
    }

    /// <inheritdoc cref="OpenOutput"/>
    public InputLine OpenInput(int offset, string owner, bool activeLow = false, LineBias bias = LineBias.None)
    {
        return Open(offset, owner, () => new InputLine(_controller, Label, offset, activeLow, bias));
    }

    /// <summary>Lends lines to a display, which moves nothing and so needs no permit; nobody else gets them until they are taken back.</summary>
    /// <exception cref="HardwareFault">There is no such line, or somebody else holds it.</exception>
    internal GpioController Lend(IReadOnlyList<int> offsets, string owner)
    {
        var lent = new List<int>();
        try
        {
            foreach (int offset in offsets)
            {
                Open(offset, owner, () => offset);
                lent.Add(offset);
            }

            return _controller;
        }
        catch (HardwareFault)
        {
            _taken.ExceptWith(lent);
            throw;
        }
    }

    internal void TakeBack(IReadOnlyList<int> offsets)
    {
        foreach (int offset in offsets.Where(_controller.IsPinOpen))
        {
            _controller.ClosePin(offset);
        }

        _taken.ExceptWith(offsets);
    }

    public void Dispose() => _controller.Dispose();

    private T Open<T>(int offset, string owner, Func<T> open)
    {
        if (offset < 0 || offset >= LineCount)
        {
            throw new HardwareFault($"Line {offset} of {Label} for {owner} does not exist; use 0 to {LineCount - 1}.");
        }

        // The controller itself hands a line out twice.
        if (!_taken.Add(offset))
        {
            throw new HardwareFault($"Line {offset} of {Label} for {owner} is taken already; choose another.");
        }

        try
        {
            return open();
        }
        catch (Exception e) when (e is not HardwareFault)
        {
            throw new HardwareFault($"Line {offset} of {Label} for {owner} cannot be opened ({e.Message.TrimEnd('.')}); another program, device or overlay may hold it.", e);
        }
    }
}
