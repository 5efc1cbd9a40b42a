using System.Globalization;
using System.Text;

namespace Edge.Tests.Grammars.Reference;

/// <summary>Spoils a text or a value a little, the way models and networks do.</summary>
internal sealed class NearMiss(Random random)
{
    private static readonly byte[] s_bytes = "{}[],:\"\\0123456789-+.eEtfnabcu /\t\n\r"u8.ToArray();

    private static readonly byte[][] s_wrongText =
    [
        [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE0, 0x80, 0xAF], [0x80], [0xFF], [0xC3], [0xF0, 0x9F, 0x98], [0xEF, 0xBB, 0xBF],
        "\\u0041"u8.ToArray(), "\\/"u8.ToArray(), "\\u000a"u8.ToArray(), "\\u001F"u8.ToArray(), "\\u001f"u8.ToArray(), "\\ud83d\\ude00"u8.ToArray(), "\\ud800"u8.ToArray(), "\\u007f"u8.ToArray(), "\\x"u8.ToArray(), "\\u"u8.ToArray(), [0], [0x1F], [0x7F],
        "\\b"u8.ToArray(), "\\u0008"u8.ToArray(), "\\n"u8.ToArray(), "ü"u8.ToArray(), "😀"u8.ToArray(),
    ];

    public byte[] Of(JsonTerm value) => random.Next(3) switch
    {
        0 => JsonWriter.Write(Change(value)),
        1 => Edit(JsonWriter.Write(Change(value))),
        _ => Edit(JsonWriter.Write(value)),
    };

    private byte[] Edit(byte[] text)
    {
        var bytes = text.ToList();
        int at = random.Next(bytes.Count + 1);
        switch (random.Next(8))
        {
            case 0 when at < bytes.Count: bytes.RemoveAt(at); break;
            case 1 when at < bytes.Count: bytes[at] = s_bytes[random.Next(s_bytes.Length)]; break;
            case 2 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
            case 3: bytes.InsertRange(at, s_wrongText[random.Next(s_wrongText.Length)]); break;
            case 4: bytes.RemoveRange(at, bytes.Count - at); break;
            case 5: bytes.AddRange(bytes.Skip(at).ToList()); break;
            case 6 when at < bytes.Count: bytes[at] ^= 0x20; break;
            default: bytes.Insert(at, s_bytes[random.Next(s_bytes.Length)]); break;
        }

        return [.. bytes];
    }

    // One place of the value is changed; which one is left to chance on the way down.
    private JsonTerm Change(JsonTerm value)
    {
        switch (value)
        {
            case JsonTerm.Map { Members.Count: > 0 } map when random.Next(3) > 0:
                int member = random.Next(map.Members.Count);
                return new JsonTerm.Map([.. map.Members.Select((m, i) => i == member ? new(m.Key, Change(m.Value)) : m)]);
            case JsonTerm.Map map:
                return ChangeMap([.. map.Members]);
            case JsonTerm.List { Items.Count: > 0 } list when random.Next(3) > 0:
                int item = random.Next(list.Items.Count);
                return new JsonTerm.List([.. list.Items.Select((v, i) => i == item ? Change(v) : v)]);
            case JsonTerm.List list:
                return random.Next(3) == 0 && list.Items.Count > 0 ? new JsonTerm.List([.. list.Items.Skip(1)]) : new JsonTerm.List([.. list.Items, list.Items.Count > 0 ? list.Items[^1] : new JsonTerm.Null()]);
            case JsonTerm.Number number:
                return ChangeNumber(number);
            case JsonTerm.Chars { Value.Length: > 0 } text when random.Next(4) > 0:
                return ChangeText(text.Value);
            default:
                return random.Next(5) switch
                {
                    0 => new JsonTerm.Null(),
                    1 => new JsonTerm.Flag(true),
                    2 => new JsonTerm.Number("1"),
                    3 => new JsonTerm.Chars("a"),
                    _ => new JsonTerm.List([]),
                };
        }
    }

    private JsonTerm.Map ChangeMap(List<KeyValuePair<string, JsonTerm>> members)
    {
        int at = random.Next(members.Count + 1);
        switch (random.Next(4))
        {
            case 0 when at < members.Count: members.RemoveAt(at); break;
            case 1 when at < members.Count: members.Add(members[at]); break;
            case 2 when members.Count > 1: members.Reverse(); break;
            default: members.Insert(at, new(random.Next(2) == 0 ? "extra" : "a", new JsonTerm.Number("1"))); break;
        }

        return new JsonTerm.Map(members);
    }

    private JsonTerm.Number ChangeNumber(JsonTerm.Number number)
    {
        string step = random.Next(3) == 0 ? "0.1" : "1";
        return new JsonTerm.Number(random.Next(8) switch
        {
            0 => number.Value.Plus(Exact.Parse(step)).ToString(),
            1 => number.Value.Plus(Exact.Parse("-" + step)).ToString(),
            2 => number.Value.Times(-1).ToString(),
            3 => number.Text.Contains('.', StringComparison.Ordinal) ? number.Text + "0" : number.Text + ".0",
            4 => number.Text.Contains('e', StringComparison.Ordinal) ? number.Text : number.Text + "e0",
            5 => "-0",
            6 => "-0.0",
            _ => number.Text + random.Next(100).ToString(CultureInfo.InvariantCulture),
        });
    }

    private JsonTerm.Chars ChangeText(string text)
    {
        var runes = text.EnumerateRunes().ToList();
        int at = random.Next(runes.Count);
        switch (random.Next(5))
        {
            case 0: runes.RemoveAt(at); break;
            case 1: runes.Insert(at, runes[at]); break;
            case 2: runes[at] = new Rune('é'); break;
            case 3: return new JsonTerm.Chars(text.ToUpperInvariant());
            default: runes[at] = new Rune("\"\\\n/a0 "[random.Next(7)]); break;
        }

        return new JsonTerm.Chars(string.Concat(runes));
    }
}
