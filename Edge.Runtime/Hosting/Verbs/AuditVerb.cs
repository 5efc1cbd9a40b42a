using System.CommandLine;
using Edge.Functions.Audit;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge audit verify|show</c>: proves that the log of actions is whole, and prints its last entries.</summary>
internal static class AuditVerb
{
    private const int ShownDefault = 20;

    public static System.CommandLine.Command Create() => new("audit", "The log of everything that moved or was refused.")
    {
        CreateVerify(),
        CreateShow(),
    };

    private static System.CommandLine.Command CreateVerify()
    {
        var (config, folder) = (CommonOptions.Config(), Folder());
        var verb = new System.CommandLine.Command("verify", "Check that no line was changed, added or removed.") { config, folder };
        verb.SetAction(parsed => In(parsed.GetValue(config), parsed.GetValue(folder), Verify));
        return verb;
    }

    private static System.CommandLine.Command CreateShow()
    {
        var (config, folder) = (CommonOptions.Config(), Folder());
        var count = new Option<int>("--last") { Description = "How many entries.", DefaultValueFactory = _ => ShownDefault };
        var verb = new System.CommandLine.Command("show", "Print the last entries, oldest first, one JSON object a line.") { config, folder, count };
        verb.SetAction(parsed => In(parsed.GetValue(config), parsed.GetValue(folder), path => Show(path, parsed.GetValue(count))));
        return verb;
    }

    private static Option<string?> Folder() => new("--folder") { Description = "The log's folder; what edge.yaml says when not given.", HelpName = "FOLDER" };

    private static int In(string? config, string? folder, Func<string, int> act)
    {
        if (folder is null)
        {
            var settings = EdgeSettings.Load(config);
            if (settings.Faults.Count > 0)
            {
                return Faults.WrongSetting(settings.Faults.Select(f => f.Message));
            }

            folder = settings.House.Audit.FolderFor(isSimulated: false)!;
        }

        if (!Directory.Exists(folder))
        {
            return Faults.Print(ExitCode.Failed, $"There is no audit log in {folder}; name its folder with --folder, or set audit.folder.");
        }

        try
        {
            return act(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Faults.Print(ExitCode.Failed, $"The audit log in {folder} cannot be read ({fault.Message.TrimEnd('.')}); run as its owner.");
        }
    }

    private static int Verify(string folder)
    {
        var proof = AuditReader.Verify(folder);
        string torn = proof.Torn > 0 ? $", {proof.Torn} cut off by a power cut or a full disk" : "";
        if (proof.Faults.Count > 0)
        {
            return Faults.Print(ExitCode.Failed, proof.Faults.Append($"The log is not whole: {proof.Entries} good entries{torn}."));
        }

        Console.WriteLine($"The log is whole: {proof.Entries} entries from number {proof.First}{torn}.");
        Console.WriteLine($"Head {proof.Head}; keep it elsewhere to prove that nothing is cut off later.");
        return ExitCode.Ok;
    }

    private static int Show(string folder, int count)
    {
        foreach (var line in AuditReader.Last(folder, Math.Max(count, 0)))
        {
            Console.WriteLine(line.Entry.GetRawText());
        }

        return ExitCode.Ok;
    }
}
