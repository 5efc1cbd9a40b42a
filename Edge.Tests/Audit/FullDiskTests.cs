using System.Diagnostics;
using Edge.Functions.Audit;
using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Audit;

/// <summary>A disk that is really full.</summary>
public sealed class FullDiskTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_kernel_s_own_no_space_left_is_an_error()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        using var folder = new TemporaryFolder();
        using var log = AuditLog.Open(folder.FullName, AuditSettings.Default, new FakeTimeProvider(), _ => new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
        var fault = Assert.Throws<IOException>(() => log.Append(new AuditEntry("permit", "anna", "turn_on", default, "Lamp on.")));
        Assert.StartsWith("the audit log cannot be written (No space left on device", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_full_disk_nothing_moves_until_there_is_room()
    {
        using var disk = await SmallDisk.MountOrSkipAsync(Token);
        using var house = new TestHouse($"devices: [{{name: lamp, kind: light, line: 17}}]\naudit: {{folder: {disk.Folder}/audit}}\n");
        disk.Fill();
        var denied = Assert.IsType<FunctionResult.Denied>(Switch(house, true));
        Assert.Equal("unlogged", denied.Denial.Code);
        Assert.Contains("No space left on device", denied.Sentence, StringComparison.Ordinal);
        Assert.False(house.Lines.IsHigh(17));
        disk.Free();
        Assert.IsType<FunctionResult.Done>(Switch(house, true));
        Assert.True(house.Lines.IsHigh(17));
        Assert.DoesNotContain(AuditReader.Verify($"{disk.Folder}/audit").Faults, f => f.Contains("chain", StringComparison.OrdinalIgnoreCase));
    }

    private static FunctionResult Switch(TestHouse house, bool on) => house.House.Dispatcher.Invoke(new DeviceAction.SwitchTo(house.Device("lamp").Declaration, on), Token);

    /// <summary>A file system of 64 KiB in memory; only root may mount one.</summary>
    private sealed class SmallDisk : IDisposable
    {
        public string Folder { get; } = TemporaryFolder.Create();

        private string Filler => Path.Combine(Folder, "filler");

        public static async Task<SmallDisk> MountOrSkipAsync(CancellationToken cancellationToken)
        {
            var disk = new SmallDisk();
            Assert.SkipUnless(await RunAsync(cancellationToken, "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.Folder) == 0, "Only root may mount a small disk to fill.");
            return disk;
        }

        public void Fill()
        {
            try
            {
                using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
                while (true)
                {
                    file.Write(new byte[512]);
                }
            }
            catch (IOException)
            {
                // Full.
            }
        }

        public void Free() => File.Delete(Filler);

        public void Dispose() => RunAsync(CancellationToken.None, "umount", "-l", Folder).GetAwaiter().GetResult();

        private static async Task<int> RunAsync(CancellationToken cancellationToken, params string[] words)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true })!;
                await process.WaitForExitAsync(cancellationToken);
                return process.ExitCode;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return -1;
            }
        }
    }
}
