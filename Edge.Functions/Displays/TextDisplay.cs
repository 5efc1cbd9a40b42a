namespace Edge.Functions.Displays;

/// <summary>A display of characters, open. It may be slow or gone; <see cref="DisplayWriter"/> bounds it.</summary>
public abstract class TextDisplay : IDisposable
{
    /// <summary>Shows the rows; those beyond the last are blank.</summary>
    /// <param name="rows">From the top, each at most as long as the display is wide.</param>
    /// <exception cref="IOException">It does not answer.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public abstract void Show(IReadOnlyList<string> rows, DrawingTime time);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}

/// <summary>A display of memory: what a simulated board shows.</summary>
public sealed class SimulatedDisplay : TextDisplay
{
    private IReadOnlyList<string> _rows = [];

    public IReadOnlyList<string> Rows => Volatile.Read(ref _rows);

    public override void Show(IReadOnlyList<string> rows, DrawingTime time) => Volatile.Write(ref _rows, [.. rows]);

    protected override void Dispose(bool disposing)
    {
    }
}
