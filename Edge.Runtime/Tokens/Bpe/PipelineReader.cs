using System.Text.RegularExpressions;

namespace Edge.Runtime.Tokens.Bpe;

/// <summary>Reads what happens to a text before merging: <c>normalizer</c> and <c>pre_tokenizer</c>.</summary>
internal sealed class PipelineReader
{
    // GPT-2's own pattern: what ByteLevel splits by where it is told to.
    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    // A pattern out of a foreign file must not hang the hub on a foreign text.
    private static readonly TimeSpan _patternTimeout = TimeSpan.FromSeconds(2);

    private readonly List<NormalizerStep> _steps = [];
    private readonly List<SplitRule> _splits = [];

    public IReadOnlyList<NormalizerStep> Steps => _steps;

    public IReadOnlyList<SplitRule> Splits => _splits;

    /// <summary>Pieces are written in bytes.</summary>
    public bool IsByteLevel { get; private set; }

    public static PipelineReader Read(TokenizerJson root)
    {
        var reader = new PipelineReader();
        if (root.TryGet("normalizer", out var normalizer))
        {
            reader.ReadNormalizer(normalizer);
        }

        if (root.TryGet("pre_tokenizer", out var splitter))
        {
            reader.ReadSplitter(splitter);
        }

        return reader;
    }

    private void ReadNormalizer(TokenizerJson json)
    {
        switch (json.Type)
        {
            case "Sequence":
                foreach (var item in json.Items("normalizers"))
                {
                    ReadNormalizer(item);
                }

                break;
            case "NFC":
                _steps.Add(new NormalizerStep.Composition());
                break;
            case "Prepend":
                _steps.Add(new NormalizerStep.Prepending(json.Text("prepend"), UnlessThere: false, OnlyFirst: false));
                break;
            case "Replace" when json.Get("pattern").TryGet("String", out var old) && old.Text().Length > 0:
                _steps.Add(new NormalizerStep.Replacement(old.Text(), json.Text("content")));
                break;
            case var other:
                throw json.NotHere(other, "Sequence, NFC, Prepend and Replace of a string");
        }
    }

    private void ReadSplitter(TokenizerJson json)
    {
        switch (json.Type)
        {
            case "Sequence":
                foreach (var item in json.Items("pretokenizers"))
                {
                    ReadSplitter(item);
                }

                break;
            case "Split":
                _splits.Add(new SplitRule(ReadPattern(json.Get("pattern")), ReadBehavior(json.Get("behavior")), json.Flag("invert")));
                break;
            case "Digits":
                _splits.Add(new SplitRule(Compile(json, json.Flag("individual_digits") ? @"\p{N}" : @"\p{N}+"), SplitBehavior.Isolated, Invert: false));
                break;
            case "Metaspace":
                ReadMetaspace(json);
                break;
            case "ByteLevel":
                ReadByteLevel(json);
                break;
            case var other:
                throw json.NotHere(other, "Sequence, Split, Digits, Metaspace and ByteLevel");
        }
    }

    private void ReadByteLevel(TokenizerJson json)
    {
        IsByteLevel = true;
        if (json.Flag("add_prefix_space"))
        {
            _steps.Add(new NormalizerStep.Prepending(" ", UnlessThere: true, OnlyFirst: false));
        }

        if (!json.TryGet("use_regex", out _) || json.Flag("use_regex"))
        {
            _splits.Add(new SplitRule(Compile(json, Gpt2Pattern), SplitBehavior.Isolated, Invert: false));
        }
    }

    /// <summary>Spaces become visible, and the text begins with one: both are done while normalizing.</summary>
    private void ReadMetaspace(TokenizerJson json)
    {
        string mark = json.Text("replacement");
        string scheme = json.TryGet("prepend_scheme", out var value) ? value.Text() : json.Flag("add_prefix_space") ? "always" : "never";
        _steps.Add(new NormalizerStep.Replacement(" ", mark));
        if (scheme is "always" or "first")
        {
            _steps.Add(new NormalizerStep.Prepending(mark, UnlessThere: true, OnlyFirst: scheme == "first"));
        }
        else if (scheme != "never")
        {
            throw value.NotHere(scheme, "always, first and never");
        }

        if (!json.TryGet("split", out _) || json.Flag("split"))
        {
            _splits.Add(new SplitRule(Compile(json, Regex.Escape(mark)), SplitBehavior.MergedWithNext, Invert: false));
        }
    }

    private static Regex ReadPattern(TokenizerJson json) =>
        json.TryGet("Regex", out var regex) ? Compile(json, regex.Text()) : Compile(json, Regex.Escape(json.Text("String")));

    private static SplitBehavior ReadBehavior(TokenizerJson json) => json.Text() switch
    {
        "Isolated" => SplitBehavior.Isolated,
        "Removed" => SplitBehavior.Removed,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        var other => throw json.NotHere(other, "Isolated, Removed, MergedWithPrevious and MergedWithNext"),
    };

    private static Regex Compile(TokenizerJson json, string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, _patternTimeout);
        }
        catch (ArgumentException fault)
        {
            throw new TokenizerException($"{json.Path}: {json.Place} holds a pattern that .NET does not understand ({fault.Message.TrimEnd('.')}); Edge cannot read this tokenizer.", fault);
        }
    }
}
