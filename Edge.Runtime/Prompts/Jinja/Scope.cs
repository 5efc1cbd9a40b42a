using System.Text;

namespace Edge.Runtime.Prompts.Jinja;

/// <summary>Names and their values; loops and macros open a scope of their own.</summary>
internal sealed class Scope(Scope? outer, Rendering rendering)
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public Rendering Rendering { get; } = rendering;

    public Scope Global => outer?.Global ?? this;

    public object? this[string name]
    {
        get => _values.TryGetValue(name, out object? value) ? value : outer is null ? Undefined.Value : outer[name];
        set => _values[name] = value;
    }
}

/// <summary>One use of a template: its output, and how much it may do.</summary>
internal sealed class Rendering
{
    public const int StepsMax = 1 << 20;
    public const int CharsMax = 1 << 20;
    public const int ItemsMax = 1 << 16;

    private int _steps;

    public StringBuilder Output { get; set; } = new();

    /// <summary>Counts a statement; a template cannot run for ever.</summary>
    public void Step(int line)
    {
        if (++_steps > StepsMax || Output.Length > CharsMax)
        {
            throw new TemplateException($"it takes more than {StepsMax} steps or {CharsMax} characters", line);
        }
    }
}
