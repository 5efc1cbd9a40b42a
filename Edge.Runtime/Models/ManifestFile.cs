using System.Text.Json;

namespace Edge.Runtime.Models;

/// <summary>Reads and writes <c>manifest.json</c>.</summary>
internal static class ManifestFile
{
    private const long FileBytesMax = 1L << 20;

    private static readonly JsonWriterOptions _indented = new() { Indented = true };

    public static void Write(ModelManifest manifest, string path)
    {
        using var stream = File.Create(path);
        using (var json = new Utf8JsonWriter(stream, _indented))
        {
            json.WriteStartObject();
            json.WriteNumber("format", manifest.Format);
            json.WriteString("architecture", manifest.Architecture);
            json.WriteNumber("bits", manifest.Bits);
            json.WriteNumber("block", manifest.Block);
            json.WriteNumber("contextLength", manifest.ContextLength);
            if (manifest.Dialect is { } dialect)
            {
                json.WriteString("dialect", dialect);
            }

            json.WriteString("licence", manifest.Licence);
            json.WriteString("tool", manifest.Tool);
            WriteFiles(json, "sources", manifest.Sources);
            WriteFiles(json, "files", manifest.Files);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    /// <exception cref="ModelException">Missing, malformed, or of another format version.</exception>
    public static ModelManifest Read(string path) => JsonFile.Read(path, FileBytesMax, root =>
    {
        int format = Integer(root, "format", path);
        return format == ModelManifest.CurrentFormat
            ? new ModelManifest
            {
                Format = format,
                Architecture = Text(root, "architecture", path),
                Bits = Integer(root, "bits", path),
                Block = Integer(root, "block", path),
                ContextLength = Integer(root, "contextLength", path),
                Dialect = root.TryGetProperty("dialect", out _) ? ReadDialect(Text(root, "dialect", path), path) : null,
                Licence = Text(root, "licence", path),
                Tool = Text(root, "tool", path),
                Sources = ReadFiles(root, "sources", path),
                Files = ReadFiles(root, "files", path),
            }
            : throw new ModelException($"{path} has format {format}; this program reads {ModelManifest.CurrentFormat}. Convert the model again.");
    });

    private static string ReadDialect(string name, string path) => Dialect.Find(name) is not null
        ? name
        : throw new ModelException($"{path}: \"dialect\" is \"{name}\", which this program does not know; use one of {Dialect.Names}.");

    private static void WriteFiles(Utf8JsonWriter json, string name, IReadOnlyList<FileDigest> files)
    {
        json.WriteStartArray(name);
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("file", file.File);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteString("sha256", file.Sha256);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static List<FileDigest> ReadFiles(JsonElement root, string name, string path)
    {
        if (!root.TryGetProperty(name, out var array) || array.ValueKind != JsonValueKind.Array)
        {
            throw Fault(path, name, "a list of files");
        }

        List<FileDigest> files = [];
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("bytes", out var bytes) || bytes.ValueKind != JsonValueKind.Number || !bytes.TryGetInt64(out long count))
            {
                throw Fault(path, name, "a list of files with their bytes");
            }

            string file = Text(item, "file", path);
            if (file != Path.GetFileName(file) || file is "" or "." or "..")
            {
                throw Fault(path, "file", "the name of a file in the same folder");
            }

            files.Add(new FileDigest(file, count, Text(item, "sha256", path)));
        }

        return files;
    }

    private static int Integer(JsonElement json, string name, string path) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : throw Fault(path, name, "a whole number");

    private static string Text(JsonElement json, string name, string path) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Fault(path, name, "a text");

    private static ModelException Fault(string path, string name, string wanted) => new($"{path}: \"{name}\" is not {wanted}; convert the model again.");
}
