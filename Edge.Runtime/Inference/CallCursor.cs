namespace Edge.Runtime.Inference;

/// <summary>
/// Follows the JSON of one call, <c>{"name":"…","arguments":{"a":…}}</c>, byte by byte, as far as a search needs it: how many arguments are
/// complete, and whether a value is about to begin.
/// </summary>
internal struct CallCursor
{
    private int _depth;
    private bool _inString, _escaped, _inValue;

    /// <summary>Arguments whose value is complete; the end of the arguments counts as one more.</summary>
    public int Done { get; private set; }

    /// <summary>The next byte begins the value of an argument.</summary>
    public bool AtValue { get; private set; }

    /// <summary>Behind the brace that begins the arguments.</summary>
    public readonly bool InArguments => _depth > 1;

    /// <summary>Inside the value of an argument, or right before it.</summary>
    public readonly bool InValue => _inValue;

    /// <summary>Inside an argument that is a bare word or a number.</summary>
    public readonly bool InBareValue => _inValue && !_inString && !AtValue && _depth == 2;

    /// <summary>Inside an object or a list that is itself an argument.</summary>
    public readonly bool InNested => _depth > 2;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            Feed(b);
        }
    }

    private void Feed(byte b)
    {
        bool atValue = AtValue;
        AtValue = false;
        if (_inString)
        {
            FeedString(b);
            return;
        }

        switch (b)
        {
            case (byte)'"':
                _inString = true;
                break;
            case (byte)'{' or (byte)'[':
                _depth++;
                break;
            case (byte)'}' or (byte)']':
                End(closing: true);
                break;
            case (byte)',':
                End(closing: false);
                break;
            case (byte)':' when _depth == 2:
                _inValue = true;
                AtValue = true;
                break;
            default:
                _inValue |= atValue;
                break;
        }
    }

    private void FeedString(byte b)
    {
        if (_escaped)
        {
            _escaped = false;
        }
        else if (b == (byte)'\\')
        {
            _escaped = true;
        }
        else if (b == (byte)'"')
        {
            _inString = false;
            if (_inValue && _depth == 2)
            {
                Complete();
            }
        }
    }

    private void End(bool closing)
    {
        if (_depth == 2 && _inValue)
        {
            Complete();
        }

        if (closing)
        {
            if (_depth == 2)
            {
                Done++;
            }

            _depth--;
        }
    }

    private void Complete()
    {
        Done++;
        _inValue = false;
    }
}
