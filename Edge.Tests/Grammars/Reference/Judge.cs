using System.Text;
using Edge.Runtime.Grammars;

namespace Edge.Tests.Grammars.Reference;

/// <summary>
/// Decides acceptance without any of the engine's code: parse, validate, look at the form, and write the value again to see whether
/// the very same bytes come out.
/// </summary>
internal sealed class Judge
{
    private readonly Schema _schema;
    private readonly CanonicalForm _form;

    public Judge(string schema, GrammarOptions? options = null)
    {
        _schema = new Schema(JsonReader.Read(schema));
        _form = new CanonicalForm(_schema, options ?? GrammarOptions.Default);
    }

    public Schema Schema => _schema;

    /// <exception cref="NotSupportedException">The judge does not know a keyword of the schema, or a pattern's syntax.</exception>
    public bool Accepts(byte[] text) => JsonReader.TryRead(text) is { } value && _schema.IsValid(value) && _form.Holds(value) && JsonWriter.Write(value).AsSpan().SequenceEqual(text);

    public bool Accepts(string text) => Accepts(Encoding.UTF8.GetBytes(text));

    public bool IsValid(JsonTerm value) => _schema.IsValid(value);

    /// <summary>Why a text is or is not accepted, for a failure's message.</summary>
    public string Explain(byte[] text) => JsonReader.TryRead(text) is not { } value
        ? "not JSON"
        : $"valid: {_schema.IsValid(value)}, form: {_schema.IsValid(value) && _form.Holds(value)}, same bytes: {JsonWriter.Write(value).AsSpan().SequenceEqual(text)}";
}
