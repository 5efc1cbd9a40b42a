namespace Edge.Runtime.Models;

/// <summary>Takes a converted model over from another folder, a stick for example.</summary>
public static class ModelCopy
{
    /// <summary>
    /// Copies the files that the manifest lists, and checks the copies by their hashes; a ready-made folder gets a manifest. The folder appears when
    /// all of it is right.
    /// </summary>
    /// <exception cref="ModelException">The source is no model, a file is damaged, or nothing can be written.</exception>
    public static void Run(string source, string output, bool overwrite, string? licence = null, CancellationToken cancellationToken = default)
    {
        var model = ModelFolder.Open(source);
        try
        {
            using var work = new WorkFolder(output, overwrite);
            foreach (string name in model.Manifest.Files.Select(f => f.File))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var from = File.OpenRead(Path.Combine(model.FullName, name));
                using var to = File.Create(work.File(name));
                from.CopyTo(to);
            }

            ManifestFile.Write(Complete(model, work.FullName, licence, cancellationToken), work.File(ModelManifest.FileName));
            ModelFolder.Open(work.FullName).Verify(cancellationToken);
            work.Commit();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{source} cannot be copied to {output}: {fault.Message}", fault);
        }
    }

    /// <summary>With the hashes of the copies where there were none.</summary>
    private static ModelManifest Complete(ModelFolder model, string copy, string? licence, CancellationToken cancellationToken)
    {
        var manifest = model.Manifest with { Dialect = model.Dialect.Name };
        return manifest.Files.All(f => f.Sha256.Length > 0)
            ? manifest
            : manifest with
            {
                Licence = manifest.Licence == "unknown" ? licence ?? "unknown" : manifest.Licence,
                Files = [.. manifest.Files.Select(f => FileDigest.Of(Path.Combine(copy, f.File), cancellationToken))],
            };
    }
}
