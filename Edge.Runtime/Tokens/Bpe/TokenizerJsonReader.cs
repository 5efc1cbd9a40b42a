using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Edge.Runtime.Tokens.Bpe;

/// <summary>Reads and checks a <c>tokenizer.json</c> (Hugging Face's tokenizers, model type BPE).</summary>
internal sealed class TokenizerJsonReader
{
    private readonly TokenizerJson _root;
    private readonly TokenizerJson _model;
    private readonly PipelineReader _pipeline;
    private readonly Dictionary<string, int> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _added = new(StringComparer.Ordinal);
    private readonly HashSet<string> _special = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _normalizedSymbols = new(StringComparer.Ordinal);

    private TokenizerJsonReader(TokenizerJson root)
    {
        _root = root.Object();
        _model = root.Get("model").Object();
        _pipeline = PipelineReader.Read(root);
    }

    public static TokenizerParts Read(string path) => TokenizerJson.Read(path, root => new TokenizerJsonReader(root).Read());

    private TokenizerParts Read()
    {
        RefuseWhatIsNotHere();
        ReadTokens();
        ReadAddedTokens();
        var alphabet = ReadAlphabet(out int[]? byteIds);
        return new TokenizerParts
        {
            Vocabulary = CreateVocabulary(),
            Steps = _pipeline.Steps,
            Splits = _pipeline.Splits,
            Alphabet = alphabet,
            Merges = ReadMerges(),
            Whole = _model.Flag("ignore_merges") && _pipeline.IsByteLevel ? new WholePieces(byteIds!, TextTokens()) : null,
            Symbols = _symbols,
            NormalizedSymbols = _normalizedSymbols,
            StripsSpace = _root.TryGet("decoder", out var decoder) && StripsSpace(decoder),
        };
    }

    private void RefuseWhatIsNotHere()
    {
        if (_model.TryGet("type", out var type) && type.Text() != "BPE")
        {
            throw type.NotHere(type.Text(), "BPE");
        }

        foreach (string name in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (_model.TryGet(name, out var value) && value.Text().Length > 0)
            {
                throw value.NotHere($"\"{value.Text()}\"", "vocabularies without it");
            }
        }

        if (_model.Flag("ignore_merges") && !_pipeline.IsByteLevel)
        {
            throw _model.Get("ignore_merges").NotHere("true", "it for byte-level vocabularies");
        }
    }

    private void ReadTokens()
    {
        var vocabulary = _model.Get("vocab").Object();
        foreach (var token in vocabulary.Element.EnumerateObject())
        {
            _tokens[token.Name] = new TokenizerJson(_root.Path, $"model.vocab[\"{token.Name}\"]", token.Value).Id();
        }
    }

    private void ReadAddedTokens()
    {
        if (!_root.TryGet("added_tokens", out _))
        {
            return;
        }

        foreach (var token in _root.Items("added_tokens"))
        {
            foreach (string flag in (ReadOnlySpan<string>)["single_word", "lstrip", "rstrip"])
            {
                if (token.Flag(flag))
                {
                    throw token.Get(flag).NotHere("true", "added tokens without it");
                }
            }

            string content = token.Text("content");
            int id = token.Get("id").Id();
            _added[content] = id;

            // Markers are the template's to write, also where the file calls them ordinary: what a user types is never one.
            if (token.Flag("special") || content is ['<', _, .., '>'])
            {
                _special.Add(content);
            }
            else if (token.Flag("normalized"))
            {
                _normalizedSymbols[Normalize(content)] = id;
            }
            else
            {
                _symbols[content] = id;
            }
        }
    }

    private string Normalize(string content) =>
        _pipeline.Steps.Where(s => s is not NormalizerStep.Prepending).Aggregate(content, (text, step) => text.Length == 0 ? text : step.Apply(text, isFirst: false));

    private Alphabet ReadAlphabet(out int[]? byteIds)
    {
        byteIds = null;
        if (_pipeline.IsByteLevel)
        {
            byteIds = ReadBytes(value => ByteLetters.LetterOf(value).ToString());
            return new ByteAlphabet(byteIds);
        }

        byteIds = _model.Flag("byte_fallback") ? ReadBytes(value => $"<0x{value:X2}>") : null;
        int unknown = _model.TryGet("unk_token", out var name) && _tokens.TryGetValue(name.Text(), out int id) ? id : -1;
        if (byteIds is null && unknown < 0)
        {
            throw new TokenizerException($"{_root.Path} has neither bytes nor an unknown token: some text could not be written.");
        }

        var characters = new Dictionary<int, int>();
        foreach (var (token, tokenId) in _tokens)
        {
            if (Rune.DecodeFromUtf16(token, out var rune, out int length) == System.Buffers.OperationStatus.Done && length == token.Length)
            {
                characters[rune.Value] = tokenId;
            }
        }

        return new CharacterAlphabet(characters, byteIds, unknown, _model.Flag("fuse_unk"));
    }

    private Dictionary<string, int> TextTokens() => _tokens.Where(t => !_special.Contains(t.Key)).ToDictionary(StringComparer.Ordinal);

    private int[] ReadBytes(Func<byte, string> nameOf)
    {
        int[] ids = new int[256];
        for (int value = 0; value < ids.Length; value++)
        {
            string name = nameOf((byte)value);
            ids[value] = _tokens.TryGetValue(name, out int id) ? id
                : value is 0xC0 or 0xC1 or >= 0xF5 ? -1 // in no UTF-8
                : throw new TokenizerException($"{_root.Path}: model.vocab has no {name}, the token of byte {value}; copy the file again from its source.");
        }

        return ids;
    }

    private Dictionary<long, RankedMerge.Merge> ReadMerges()
    {
        var list = _model.Get("merges");
        var merges = new Dictionary<long, RankedMerge.Merge>(list.Element.ValueKind == JsonValueKind.Array ? list.Element.GetArrayLength() : 0);
        int rank = 0;
        foreach (var merge in _model.Items("merges"))
        {
            var (left, right) = ReadPair(merge);
            if (!_tokens.TryGetValue(left, out int leftId) || !_tokens.TryGetValue(right, out int rightId) || !_tokens.TryGetValue(left + right, out int id))
            {
                throw merge.Fault("two tokens whose joined text is a token");
            }

            // A marker that could also be put together by merging would be for users to write.
            if (!_special.Contains(left + right))
            {
                merges.TryAdd(RankedMerge.KeyOf(leftId, rightId), new RankedMerge.Merge(rank, id));
            }

            rank++;
        }

        return merges;
    }

    /// <summary>"a b", or in newer files ["a", "b"].</summary>
    private (string Left, string Right) ReadPair(TokenizerJson merge)
    {
        if (merge.Element.ValueKind == JsonValueKind.String && merge.Text().Length > 1)
        {
            string text = merge.Text();
            for (int space = text.IndexOf(' ', 1); space > 0; space = text.IndexOf(' ', space + 1))
            {
                // Where tokens hold spaces themselves, as Llama-2's do, the right one is in between two tokens.
                if (_tokens.ContainsKey(text[..space]) && _tokens.ContainsKey(text[(space + 1)..]))
                {
                    return (text[..space], text[(space + 1)..]);
                }
            }

            throw merge.Fault("two tokens with a space in between");
        }

        return merge.Element.ValueKind == JsonValueKind.Array && merge.Element.GetArrayLength() == 2
            && merge.Element[0].ValueKind == JsonValueKind.String && merge.Element[1].ValueKind == JsonValueKind.String
            ? (merge.Element[0].GetString()!, merge.Element[1].GetString()!)
            : throw merge.Fault("two tokens");
    }

    private Vocabulary CreateVocabulary()
    {
        int count = Math.Max(_tokens.Values.DefaultIfEmpty(-1).Max(), _added.Values.DefaultIfEmpty(-1).Max()) + 1;
        if (count == 0)
        {
            throw new TokenizerException($"{_root.Path} holds no tokens; copy the file again from its source.");
        }

        byte[][] bytes = new byte[count][];
        var kinds = new TokenKind[count];
        string[] names = new string[count];
        Array.Fill(bytes, []);
        Array.Fill(kinds, TokenKind.Unused);
        Array.Fill(names, "");
        foreach (var (name, id) in _tokens.Where(t => !_added.ContainsKey(t.Key)))
        {
            byte[] text = BytesOf(name);
            (bytes[id], kinds[id], names[id]) = (text, text.Length > 0 ? TokenKind.Text : TokenKind.Unused, name);
        }

        foreach (var (name, id) in _added)
        {
            bool special = _special.Contains(name);
            string text = _pipeline.IsByteLevel ? name : name.Replace(WhitespaceRules.SpaceMark, ' ');
            (bytes[id], kinds[id], names[id]) = (special ? [] : Encoding.UTF8.GetBytes(text), special ? TokenKind.Special : TokenKind.Text, name);
        }

        return new Vocabulary(bytes, kinds, names);
    }

    private byte[] BytesOf(string name)
    {
        if (_pipeline.IsByteLevel)
        {
            return ByteLetters.BytesOf(name) ?? [];
        }

        return name is ['<', '0', 'x', _, _, '>'] && byte.TryParse(name.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? [value]
            : Encoding.UTF8.GetBytes(name.Replace(WhitespaceRules.SpaceMark, ' '));
    }

    private static bool StripsSpace(TokenizerJson decoder) => decoder.Type switch
    {
        "Sequence" => decoder.Items("decoders").Any(StripsSpace),
        "Strip" => decoder.Text("content") == " " && decoder.Get("start").Element.TryGetInt32(out int start) && start > 0,
        "Metaspace" => !decoder.TryGet("prepend_scheme", out var scheme) || scheme.Text() != "never",
        _ => false,
    };
}
