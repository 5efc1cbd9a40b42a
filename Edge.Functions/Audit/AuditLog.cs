namespace Edge.Functions.Audit;

/// <summary>
/// What was permitted, done, failed and refused, line by line, each on the disk before <see cref="Append"/> returns. Only ever appended
/// to. Thread-safe.
/// </summary>
public sealed class AuditLog : IDisposable
{
    private readonly string _folder;
    private readonly AuditSettings _settings;
    private readonly TimeProvider _clock;
    private readonly Func<string, Stream> _open;
    private readonly Lock _gate = new();
    private Stream? _file;
    private long _length;

    /// <summary>The file of the process before, when it ends with a whole line: it is gone on with.</summary>
    private string? _last;
    private long _number;
    private string _hash = AuditLine.NoHash;

    private AuditLog(string folder, AuditSettings settings, TimeProvider clock, Func<string, Stream> open)
    {
        _folder = folder;
        _settings = settings;
        _clock = clock;
        _open = open;
    }

    /// <summary>The last line's hash. Kept elsewhere, it proves that nothing was cut off the end.</summary>
    public string Head
    {
        get
        {
            lock (_gate)
            {
                return _hash;
            }
        }
    }

    /// <summary>Goes on where the log in that folder ends.</summary>
    /// <param name="open">Opens a new file for appending; null for the file system's own.</param>
    /// <exception cref="IOException">The folder cannot be made or its files not be read; one sentence with the way out.</exception>
    public static AuditLog Open(string folder, AuditSettings settings, TimeProvider clock, Func<string, Stream>? open = null)
    {
        var log = new AuditLog(folder, settings, clock, open ?? OpenFile);
        try
        {
            Directory.CreateDirectory(folder);
            log.GoOn();
            return log;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The audit log in {folder} cannot be opened ({e.Message.TrimEnd('.')}); make the folder writable, or set audit.folder ({settings.Place}).", e);
        }
    }

    /// <summary>Writes an entry through to the disk.</summary>
    /// <exception cref="IOException">It could not be written, so it is as if it had not been tried.</exception>
    public void Append(AuditEntry entry)
    {
        lock (_gate)
        {
            var (line, hash) = AuditLine.Write(_number + 1, _clock.GetUtcNow(), entry, _hash);
            try
            {
                if (_file is null || _length + line.Length > _settings.FileBytesMax)
                {
                    Next(line.Length);
                }

                _file!.Write(line);
                Sync(_file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // A torn line may stand at the end now: the next entry begins a file of its own.
                Close();
                throw new IOException($"the audit log cannot be written ({e.Message.TrimEnd('.')})", e);
            }

            _length += line.Length;
            _number++;
            _hash = hash;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
        }
    }

    /// <summary>The last whole line of the newest file that has one.</summary>
    private void GoOn()
    {
        var files = AuditFiles.In(_folder);
        foreach (string path in files.Reverse())
        {
            bool isLast = true;
            foreach (var (line, isWhole) in AuditFiles.Lines(path).Reverse())
            {
                if (AuditLine.Parse(line) is { } last)
                {
                    _number = last.Number;
                    _hash = last.Hash;
                    _last = isWhole && path == files[^1] && isLast ? path : null;
                    return;
                }

                isLast = false;
            }
        }
    }

    private void Next(int lineLength)
    {
        Close();
        if (_last is { } path && new FileInfo(path).Length + lineLength <= _settings.FileBytesMax)
        {
            _last = null;
            _length = new FileInfo(path).Length;
            _file = _open(path);
            return;
        }

        _last = null;
        var files = AuditFiles.In(_folder);
        foreach (string old in files.Take(Math.Max(0, files.Count - _settings.FilesMax + 1)))
        {
            File.Delete(old);
        }

        // A file of that name can only hold a torn line, of an entry that was never acted on.
        string next = Path.Combine(_folder, AuditFiles.Name(_number + 1));
        File.Delete(next);
        _file = _open(next);
        _length = 0;
    }

    private void Close()
    {
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // What is left in its buffer was reported as not written already.
        }

        _file = null;
    }

    private static void Sync(Stream file)
    {
        if (file is FileStream onDisk)
        {
            onDisk.Flush(flushToDisk: true);
        }
        else
        {
            file.Flush();
        }
    }

    private static FileStream OpenFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        }

        return new FileStream(path, options);
    }
}
