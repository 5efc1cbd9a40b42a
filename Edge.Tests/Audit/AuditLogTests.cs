using System.Text;
using Edge.Functions.Audit;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Audit;

public sealed class AuditLogTests : IDisposable
{
    private static readonly AuditSettings Settings = AuditSettings.Default with { FileBytesMax = 4096, FilesMax = 3 };

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_log_is_whole_as_written()
    {
        Write(5);
        var proof = AuditReader.Verify(_folder.FullName);
        Assert.Equal((5, 1, 0), (proof.Entries, proof.First, proof.Torn));
        Assert.Empty(proof.Faults);
    }

    [Fact]
    public void A_line_says_what_happened_and_ends_with_its_hash()
    {
        using (var log = Open())
        {
            log.Append(new AuditEntry("permit", "anna", "turn_on", TestHouse.Json("""{"device":"lamp"}"""), "lamp on"));
            Assert.EndsWith($"\"hash\":\"{log.Head}\"}}\n", Text(), StringComparison.Ordinal);
        }

        Assert.StartsWith(
            """{"n":1,"at":"2026-11-25T08:00:00.000Z","kind":"permit","caller":"anna","call":"turn_on","arguments":{"device":"lamp"},"said":"lamp on","previous":"0000""",
            Text(),
            StringComparison.Ordinal);
    }

    /// <summary>A line in the kernel's cache is lost with the power; <c>Flush(true)</c> is fsync.</summary>
    [Fact]
    public void Each_entry_is_forced_to_the_disk_before_the_next_thing_happens()
    {
        var forced = new List<(bool ToDisk, long Bytes)>();
        using var log = AuditLog.Open(_folder.FullName, Settings, _clock, path => new WatchedFile(path, forced));
        for (int i = 1; i <= 20; i++)
        {
            log.Append(new AuditEntry("permit", "anna", "turn_on", TestHouse.Json("""{"device":"lamp"}"""), $"lamp {i}"));
            Assert.Equal(i, forced.Count);
            Assert.True(forced[^1].ToDisk, "It went no further than the kernel.");
            Assert.Equal(new FileInfo(Files()[^1]).Length, forced[^1].Bytes);
        }

        Assert.True(Files().Length > 1, "No file was full: the beginning of a new one was not seen.");
    }

    [Fact]
    public void The_next_process_goes_on_in_the_same_file()
    {
        Write(2);
        Write(2);
        Assert.Single(Files());
        Assert.Equal((4, 0), (AuditReader.Verify(_folder.FullName).Entries, AuditReader.Verify(_folder.FullName).Faults.Count));
    }

    [Theory]
    [InlineData("lamp 3", "lamp 4")]
    [InlineData("anna", "carl")]
    public void A_changed_line_is_found(string from, string to)
    {
        Write(5);
        Change(text => text.Replace(from, to, StringComparison.Ordinal));
        Assert.NotEmpty(AuditReader.Verify(_folder.FullName).Faults);
    }

    [Fact]
    public void A_removed_line_is_found()
    {
        Write(5);
        Change(text => string.Join('\n', text.Split('\n').Where((_, i) => i != 2)));
        Assert.Equal("Entry 4 does not follow on entry 2; lines were removed, added or changed (audit-000000000001.jsonl, line 3).", Assert.Single(AuditReader.Verify(_folder.FullName).Faults));
    }

    [Fact]
    public void A_line_with_a_hash_of_its_own_does_not_fit_the_chain()
    {
        Write(3);
        var (forged, _) = AuditLine.Write(2, _clock.GetUtcNow(), new AuditEntry("done", "anna", "turn_on", default, "nothing"), AuditLine.NoHash);
        Change(text =>
        {
            var lines = text.Split('\n');
            lines[1] = Encoding.UTF8.GetString(forged).TrimEnd('\n');
            return string.Join('\n', lines);
        });
        Assert.Equal(2, AuditReader.Verify(_folder.FullName).Faults.Count);
    }

    [Fact]
    public void Swapped_lines_are_found()
    {
        Write(3);
        Change(text => string.Join('\n', text.Split('\n') is var l ? [l[1], l[0], l[2], ""] : []));
        Assert.NotEmpty(AuditReader.Verify(_folder.FullName).Faults);
    }

    [Fact]
    public void A_full_file_is_followed_by_another_and_the_oldest_goes()
    {
        Write(60);
        Assert.Equal(3, Files().Length);
        Assert.All(Files(), f => Assert.InRange(new FileInfo(f).Length, 1, 4096));
        var proof = AuditReader.Verify(_folder.FullName);
        Assert.Empty(proof.Faults);
        Assert.True(proof.First > 1 && proof.First + proof.Entries == 61);
    }

    [Fact]
    public void A_line_torn_by_a_power_cut_is_told_and_breaks_nothing()
    {
        Write(3);
        Change(text => text + """{"n":4,"at":"2026""");
        Write(2);
        var proof = AuditReader.Verify(_folder.FullName);
        Assert.Equal((5, 1), (proof.Entries, proof.Torn));
        Assert.Empty(proof.Faults);
    }

    [Fact]
    public void A_full_disk_is_an_error_and_the_log_goes_on_when_there_is_room()
    {
        bool full = false;
        using var log = AuditLog.Open(_folder.FullName, Settings, _clock, path => new LimitedStream(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite), () => full));
        Append(log, 1);
        full = true;
        Assert.Contains("No space left on device", Assert.Throws<IOException>(() => Append(log, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => Append(log, 2));
        full = false;
        Append(log, 2);
        var proof = AuditReader.Verify(_folder.FullName);
        Assert.Empty(proof.Faults);
        Assert.Equal(2, proof.Entries);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_one_line_with_the_way_out()
    {
        File.WriteAllText(_folder.File("plain"), "");
        var fault = Assert.Throws<IOException>(() => AuditLog.Open(_folder.File("plain"), Settings, _clock));
        Assert.EndsWith("make the folder writable, or set audit.folder (edge.yaml).", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_entries_come_over_several_files()
    {
        Write(60);
        Assert.Equal(Enumerable.Range(31, 30).Select(i => (long)i), AuditReader.Last(_folder.FullName, 30).Select(l => l.Number));
    }

    [Fact]
    public void Long_arguments_are_cut_and_line_ends_stay_inside()
    {
        using (var log = Open())
        {
            log.Append(new AuditEntry("denied", "a\nb", "x\ny", TestHouse.Json($"\"{new string('a', 9000)}\""), "one\ntwo"));
        }

        Assert.Equal(1, Text().Count(c => c == '\n'));
        Assert.Empty(AuditReader.Verify(_folder.FullName).Faults);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("not json")]
    public void What_is_no_line_is_none(string text) => Assert.Null(AuditLine.Parse(Encoding.UTF8.GetBytes(text)));

    private AuditLog Open() => AuditLog.Open(_folder.FullName, Settings, _clock);

    private void Write(int count)
    {
        using var log = Open();
        for (int i = 1; i <= count; i++)
        {
            Append(log, i);
        }
    }

    private static void Append(AuditLog log, int i) => log.Append(new AuditEntry("done", "anna", "turn_on", default, $"lamp {i}"));

    private string[] Files() => [.. Directory.GetFiles(_folder.FullName).Order(StringComparer.Ordinal)];

    private string Text()
    {
        using var file = new FileStream(Files()[0], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    private void Change(Func<string, string> change) => File.WriteAllText(Files()[^1], change(File.ReadAllText(Files()[^1])));

    /// <summary>A disk that is full at times, in the middle of a line.</summary>
    private sealed class LimitedStream(FileStream inner, Func<bool> isFull) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (isFull())
            {
                inner.Write(buffer, offset, count / 2);
                inner.Flush();
                throw new IOException("No space left on device");
            }

            inner.Write(buffer, offset, count);
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>A file on the disk that notes how far each flush went, and how long the file was by then.</summary>
    private sealed class WatchedFile(string path, List<(bool ToDisk, long Bytes)> forced) : FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0)
    {
        public override void Flush(bool flushToDisk)
        {
            base.Flush(flushToDisk);
            forced.Add((flushToDisk, Length));
        }
    }
}
