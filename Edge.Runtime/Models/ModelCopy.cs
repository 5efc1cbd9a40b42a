namespace Edge.Runtime.Models;

/// <summary>Takes a converted model over from another folder, a stick for example.</summary>
public static class ModelCopy
{
    /// <summary>Copies the files that the manifest lists, and checks the copies by their hashes; the folder appears when all of it is right.</summary>
    /// <exception cref="ModelException">The source is no model, a file is damaged, or nothing can be written.</exception>
    public static void Run(string source, string output, bool overwrite, CancellationToken cancellationToken = default)
    {
        var model = ModelFolder.Open(source);
        try
        {
            using var work = new WorkFolder(output, overwrite);
            foreach (string name in model.Manifest.Files.Select(f => f.File).Append(ModelManifest.FileName))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var from = File.OpenRead(Path.Combine(model.FullName, name));
                using var to = File.Create(work.File(name));
                from.CopyTo(to);
            }

            ModelFolder.Open(work.FullName).Verify(cancellationToken);
            work.Commit();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{source} cannot be copied to {output}: {fault.Message}", fault);
        }
    }
}
