using System.IO.Compression;
using System.Text;
using Edge.Runtime.Tokens;
using Edge.Runtime.Tokens.Bpe;

namespace Edge.Tests.Benchmarks;

/// <summary>Tokenizers by size: the shipped 8k, and, where shared data lies beside the checkout, Llama-2's 32k and Qwen-3's 152k.</summary>
internal static class Vocabularies
{
    /// <summary>Those that are at hand here.</summary>
    public static IEnumerable<string> Names =>
        new[] { ("8k", "models/edge-38m"), ("32k", "../shared/tokenizers/llama2-tokenizer.model"), ("152k", "../shared/tokenizers/qwen3.tokenizer.json.gz") }
            .Where(v => Find(v.Item2) is not null).Select(v => v.Item1);

    public static IEnumerable<(string Name, Tokenizer Tokenizer)> All()
    {
        yield return ("8k", TokenizerFiles.Load(Find("models/edge-38m")!));
        if (Find("../shared/tokenizers/llama2-tokenizer.model") is { } llama)
        {
            yield return ("32k", SentencePieceTokenizer.Load(llama));
        }

        if (Find("../shared/tokenizers/qwen3.tokenizer.json.gz") is { } qwen)
        {
            string path = Path.Combine(Directory.CreateTempSubdirectory("edge-bench-").FullName, TokenizerFiles.JsonFile);
            using (var packed = new GZipStream(File.OpenRead(qwen), CompressionMode.Decompress))
            using (var plain = File.Create(path))
            {
                packed.CopyTo(plain);
            }

            yield return ("152k", BpeTokenizer.Load(path));
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    public static string? Find(string relative)
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, relative);
            if (Path.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    public static int[] Encode(Tokenizer tokenizer, string text)
    {
        var ids = new List<int>();
        tokenizer.EncodeText(text, ids);

        // A dummy prefix is not part of the text that a grammar sees.
        var bytes = ids.SelectMany(id => tokenizer.Vocabulary.Bytes(id).ToArray()).ToArray();
        return Encoding.UTF8.GetString(bytes) == text ? [.. ids] : [.. Plain(tokenizer, text)];
    }

    private static List<int> Plain(Tokenizer tokenizer, string text)
    {
        var known = new Dictionary<string, int>();
        for (int id = 0; id < tokenizer.Vocabulary.Count; id++)
        {
            known[Encoding.Latin1.GetString(tokenizer.Vocabulary.Bytes(id))] = id;
        }

        var ids = new List<int>();
        for (int at = 0; at < text.Length;)
        {
            int length = Math.Min(16, text.Length - at);
            while (!known.ContainsKey(text.Substring(at, length)))
            {
                length--;
            }

            ids.Add(known[text.Substring(at, length)]);
            at += length;
        }

        return ids;
    }
}
