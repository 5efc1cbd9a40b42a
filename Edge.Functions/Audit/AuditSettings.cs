using Edge.Functions.Settings;

namespace Edge.Functions.Audit;

/// <summary>The section <c>audit</c>.</summary>
/// <param name="Folder">Null: <see cref="FolderDefault"/> on a real board, no audit on a simulated one.</param>
/// <param name="FileBytesMax">A full file is closed and the next begun.</param>
/// <param name="FilesMax">The oldest beyond are deleted.</param>
/// <param name="RefusesUnlogged">What cannot be written down is not done.</param>
/// <param name="Place">For messages.</param>
public sealed record AuditSettings(string? Folder, int FileBytesMax, int FilesMax, bool RefusesUnlogged, string Place)
{
    public const string FolderDefault = "/var/lib/edge/audit";

    public static readonly AuditSettings Default = new(null, 4 << 20, 16, true, "edge.yaml");

    public static AuditSettings Read(SettingsSection audit)
    {
        var settings = new AuditSettings(
            audit.OptionalText("folder", 512),
            audit.Integer("fileBytesMax", Default.FileBytesMax, 4096, 1 << 30),
            audit.Integer("filesMax", Default.FilesMax, 2, 1000),
            audit.Choice("onFull", "refuse", "refuse", "act") == "refuse",
            audit.Itself.Place);
        audit.Done();
        return settings;
    }

    /// <summary>Where to write; null for nowhere.</summary>
    public string? FolderFor(bool isSimulated) => Folder ?? (isSimulated ? null : FolderDefault);
}
