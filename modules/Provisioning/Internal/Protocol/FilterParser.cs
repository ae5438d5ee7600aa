namespace DirectoryPlatform.Provisioning.Internal.Protocol;

/// <summary>The grammar of RFC 7644, figure 1, with operators in any letter case, read by descent. Beyond it <c>emails[type eq
/// "work"].value eq "a"</c> is read, which means both of one value.</summary>
sealed class FilterParser
{
    /// <summary>Eight kilobytes hold a hundred ids (own choice); of a path, too.</summary>
    public const int Longest = 8_192;

    /// <summary>Deeper nobody writes by hand (own choice).</summary>
    const int Deepest = 32;

    static readonly Dictionary<string, ScimOperator> Operators = Enum.GetValues<ScimOperator>()
        .ToDictionary(o => $"{o}", StringComparer.OrdinalIgnoreCase);

    sealed class Broken(string why) : Exception(why);

    readonly string _text;
    int _at, _depth;

    FilterParser(string text) => _text = text;

    public static Outcome<ScimFilter> Parse(string text)
    {
        if (text.Length > Longest) return ScimFault.Filter($"The filter is longer than {Longest} characters.");
        var parser = new FilterParser(text);
        try
        {
            var filter = parser.Either(inBrackets: false);
            return parser._at == text.Length ? filter : throw parser.Unexpected();
        }
        catch (Broken broken) { return ScimFault.Filter(broken.Message); }
    }

    /// <summary>A name or a value path at the beginning of a PATCH path: what stands before the bracket, the filter in it, and what follows
    /// behind a dot.</summary>
    public static Outcome<(string Name, ScimFilter? Filter, string? Sub)> ParsePath(string text)
    {
        if (text.Length > Longest) return ScimFault.Path($"The path is longer than {Longest} characters.");
        var parser = new FilterParser(text.Trim());
        try
        {
            var name = parser.Name();
            if (!parser.Take('[')) return parser._at == parser._text.Length ? (name, null, null) : throw parser.Unexpected();
            var filter = parser.Bracketed();
            var sub = parser.Take('.') ? parser.Name() : null;
            return parser._at == parser._text.Length ? (name, filter, sub) : throw parser.Unexpected();
        }
        catch (Broken broken) { return ScimFault.Path(broken.Message); }
    }

    ScimFilter Either(bool inBrackets)
    {
        if (++_depth > Deepest) throw new Broken($"The filter is nested deeper than {Deepest} times.");
        var filter = Both(inBrackets);
        while (Word("or")) filter = new ScimFilter.Or(filter, Both(inBrackets));
        _depth--;
        return filter;
    }

    ScimFilter Both(bool inBrackets)
    {
        var filter = One(inBrackets);
        while (Word("and")) filter = new ScimFilter.And(filter, One(inBrackets));
        return filter;
    }

    ScimFilter One(bool inBrackets)
    {
        Blank();
        var begun = _at;
        if (Word("not"))
        {
            Blank();
            if (Take('(')) return new ScimFilter.Not(Closed(inBrackets));
            _at = begun;
        }
        return Take('(') ? Closed(inBrackets) : Expression(inBrackets);
    }

    ScimFilter Closed(bool inBrackets)
    {
        var filter = Either(inBrackets);
        Blank();
        return Take(')') ? filter : throw Unexpected();
    }

    ScimFilter Bracketed()
    {
        var filter = Either(inBrackets: true);
        Blank();
        return Take(']') ? filter : throw Unexpected();
    }

    ScimFilter Expression(bool inBrackets)
    {
        var path = Name();
        if (!inBrackets && Take('['))
        {
            var inner = Bracketed();
            return Take('.')
                ? new ScimFilter.Within(path, new ScimFilter.And(inner, Operation(Name())))
                : new ScimFilter.Within(path, inner);
        }
        return Operation(path);
    }

    ScimFilter Operation(string path)
    {
        Needed();
        var begun = _at;
        while (_at < _text.Length && char.IsAsciiLetter(_text[_at])) _at++;
        var word = _text[begun.._at];
        if (word.Equals("pr", StringComparison.OrdinalIgnoreCase)) return new ScimFilter.Present(path);
        if (!Operators.TryGetValue(word, out var what))
        {
            _at = begun;
            throw Unexpected();
        }
        Needed();
        return new ScimFilter.Compare(path, what, Value());
    }

    object? Value()
    {
        var begun = _at;
        if (Take('"'))
        {
            while (_at < _text.Length && _text[_at] != '"') _at += _text[_at] == '\\' ? 2 : 1;
            if (_at >= _text.Length) throw new Broken("A text in the filter is not closed.");
            _at++;
        }
        else while (_at < _text.Length && _text[_at] is not (' ' or ')' or ']')) _at++;
        try
        {
            using var json = JsonDocument.Parse(_text.AsMemory(begun, _at - begun));
            return json.RootElement.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Number when json.RootElement.TryGetDecimal(out var number) => number,
                JsonValueKind.String when ScimText.Of(json.RootElement) is { } text => text,
                _ => throw new Broken("A value in the filter cannot be used for comparison."),
            };
        }
        catch (Exception unread) when (unread is JsonException or ArgumentException)
        {
            _at = begun;
            throw Unexpected();
        }
    }

    /// <summary>Letters, digits, "-", "_" and "$", with a URN in front and a sub-attribute behind.</summary>
    string Name()
    {
        Blank();
        var begun = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '-' or '$' or ':' or '.')) _at++;
        return _at > begun && (char.IsAsciiLetter(_text[begun]) || _text[begun] == '$') && char.IsAsciiLetterOrDigit(_text[_at - 1])
            ? _text[begun.._at]
            : throw Unexpected();
    }

    /// <summary>A word by itself: not the beginning of a name.</summary>
    bool Word(string word)
    {
        var begun = _at;
        Blank();
        var end = _at + word.Length;
        if (string.Compare(_text, _at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0 && end <= _text.Length
            && (end == _text.Length || _text[end] is ' ' or '('))
        {
            _at = end;
            return true;
        }
        _at = begun;
        return false;
    }

    void Blank()
    {
        while (_at < _text.Length && _text[_at] == ' ') _at++;
    }

    void Needed()
    {
        if (_at >= _text.Length || _text[_at] != ' ') throw Unexpected();
        Blank();
    }

    bool Take(char sign)
    {
        if (_at >= _text.Length || _text[_at] != sign) return false;
        _at++;
        return true;
    }

    Broken Unexpected() => new(_at >= _text.Length
        ? "The filter or path ends too early."
        : string.Create(CultureInfo.InvariantCulture, $"The filter or path cannot be read from character {_at + 1}."));
}
