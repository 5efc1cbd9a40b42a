using System.Collections;

namespace Edge.Functions.Settings;

/// <summary>All faults of the settings, in the order found: an owner repairs them in one go, not one a start.</summary>
public sealed class SettingsFaults : IReadOnlyList<SettingsFault>
{
    /// <summary>Past this many the rest is only counted: a wrong file should not fill a terminal.</summary>
    public const int FaultsMax = 50;

    private readonly List<SettingsFault> _faults = [];
    private int _unlisted;

    public int Count => _faults.Count;

    public SettingsFault this[int index] => _faults[index];

    /// <param name="message">One line, with the place.</param>
    public void Add(string message)
    {
        if (_faults.Count < FaultsMax)
        {
            _faults.Add(new SettingsFault(message));
            return;
        }

        _unlisted++;
        _faults[FaultsMax - 1] = new SettingsFault($"… and {_unlisted + 1} more faults; repair these first.");
    }

    public IEnumerator<SettingsFault> GetEnumerator() => _faults.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
