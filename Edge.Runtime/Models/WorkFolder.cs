namespace Edge.Runtime.Models;

/// <summary>
/// A folder that appears under its name only when it is complete: work happens in a folder beside it, which is renamed at
/// the end, or deleted where something failed.
/// </summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly string _target;
    private readonly bool _overwrite;
    private bool _committed;

    /// <exception cref="ModelException">The target exists and may not be replaced, or nothing can be written beside it.</exception>
    public WorkFolder(string target, bool overwrite)
    {
        _target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        _overwrite = overwrite;
        RefuseExisting();
        try
        {
            string parent = Directory.CreateDirectory(Path.GetDirectoryName(_target) ?? _target).FullName;
            FullName = Directory.CreateDirectory(Path.Combine(parent, $".{Path.GetFileName(_target)}.{Guid.NewGuid():N}.partial")).FullName;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{target} cannot be written: {fault.Message}", fault);
        }
    }

    /// <summary>Where to write.</summary>
    public string FullName { get; }

    public string File(string name) => Path.Combine(FullName, name);

    /// <summary>Gives the finished folder its name.</summary>
    public void Commit()
    {
        RefuseExisting();
        string? old = null;
        if (Directory.Exists(_target))
        {
            old = $"{FullName}.old";
            Directory.Move(_target, old);
        }

        Directory.Move(FullName, _target);
        _committed = true;
        if (old is not null)
        {
            Directory.Delete(old, recursive: true);
        }
    }

    public void Dispose()
    {
        if (!_committed && Directory.Exists(FullName))
        {
            Directory.Delete(FullName, recursive: true);
        }
    }

    private void RefuseExisting()
    {
        if (System.IO.File.Exists(_target) || (Directory.Exists(_target) && !_overwrite))
        {
            throw new ModelException($"{_target} exists already; choose another folder or ask for it to be replaced.");
        }
    }
}
