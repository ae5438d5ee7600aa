namespace DirectoryPlatform.Accounts.Internal.AddressLists;

/// <param name="Line">On which it begins, from 1.</param>
/// <param name="Text">As it stands in the file.</param>
/// <param name="Fault">Why its cells cannot be told apart; null when they can.</param>
sealed record DelimitedRecord(int Line, string Text, IReadOnlyList<string> Cells, string? Fault)
{
    public const string TooManyCells = "This line has more columns than the first one.";

    public bool IsBlank => Fault is null && Cells.All(c => c.Length == 0);
}

/// <summary>
/// Reads a text of lines and cells so that no line is lost: a quotation mark that is not closed spoils its own line and not those that
/// follow. A cell in quotation marks may go over several lines unless an @ stands in it, because then it holds other people's lines.
/// </summary>
/// <param name="longest">Characters of a line; what is longer is cut off there, with a fault.</param>
sealed class DelimitedText(TextReader text, int longest)
{
    const string NotClosed = "A quotation mark is opened on this line but not closed.";
    const string AfterQuotes = "There is text after a closing quotation mark.";

    /// <summary>Lines over which a cell may go: an address on an envelope has not more.</summary>
    const int MostLines = 20;

    readonly Queue<string> _ahead = [];
    int _line;

    /// <summary>Of a table; a list of addresses has none that do.</summary>
    public bool CellsGoOverLines { get; set; }

    /// <param name="separators">Any of them ends a cell.</param>
    /// <returns>Null at the end.</returns>
    public DelimitedRecord? Next(string separators)
    {
        if (Read() is not { } line) return null;
        var at = ++_line;
        if (line.Length > longest) return new(at, line[..longest], [], "This line is too long.");
        var (cells, fault) = Cells(line, separators);
        if (CellsGoOverLines && fault == NotClosed && Continued(line, separators) is var (whole, more))
        {
            var (joined, still) = Cells(whole, separators);
            if (still is null)
            {
                for (var i = 0; i < more; i++) _ahead.Dequeue();
                _line += more;
                return new(at, whole, joined, null);
            }
        }
        return new(at, line, cells, fault);
    }

    /// <summary>The record and the lines that belong to it, and how many these are; null when the mark is a stray one.</summary>
    (string Whole, int Lines)? Continued(string line, string separators)
    {
        var whole = new StringBuilder(line);
        for (var i = 0; i < MostLines && Peek(i) is { } next; i++)
        {
            var open = OpenCell(whole.ToString(), separators);
            if (open is null || open.Contains('@')) return null;
            whole.Append('\n').Append(next);
            var joined = whole.ToString();
            if (Cells(joined, separators).Fault is null) return Inner(joined, separators) ? (joined, i + 1) : null;
        }
        return null;

        // What was put together from several lines holds no address inside of its marks.
        static bool Inner(string whole, string separators) =>
            Cells(whole, separators).Cells.All(c => !c.Contains('\n') || !c.Contains('@'));
    }

    /// <summary>What stands behind the mark that is not closed.</summary>
    static string? OpenCell(string text, string separators)
    {
        var i = 0;
        while (i < text.Length)
        {
            var (end, cell, fault) = Cell(text, i, separators);
            if (fault == NotClosed) return cell;
            i = end + 1;
        }
        return null;
    }

    static (IReadOnlyList<string> Cells, string? Fault) Cells(string line, string separators)
    {
        var (cells, i, wrong) = (new List<string>(), 0, (string?)null);
        while (i <= line.Length)
        {
            var (end, cell, fault) = Cell(line, i, separators);
            cells.Add(cell.Trim());
            wrong ??= fault;
            i = end + 1;
        }
        return (cells, wrong);
    }

    /// <returns>Where the cell ends, before its separator or at the end of the text.</returns>
    static (int End, string Cell, string? Fault) Cell(string line, int start, string separators)
    {
        var i = start;
        while (i < line.Length && char.IsWhiteSpace(line[i]) && !separators.Contains(line[i])) i++;
        if (i >= line.Length || line[i] != '"') return Until(start, null);
        var cell = new StringBuilder();
        for (i++; i < line.Length; i++)
        {
            if (line[i] != '"') cell.Append(line[i]);
            else if (i + 1 < line.Length && line[i + 1] == '"') cell.Append(line[i++]);
            else
            {
                var after = i + 1;
                while (after < line.Length && char.IsWhiteSpace(line[after]) && !separators.Contains(line[after])) after++;
                return after >= line.Length || separators.Contains(line[after])
                    ? (after, cell.ToString(), null) : Until(start, AfterQuotes);
            }
        }
        return (line.Length, cell.ToString(), NotClosed);

        (int, string, string?) Until(int from, string? fault)
        {
            var end = from;
            while (end < line.Length && !separators.Contains(line[end])) end++;
            return (end, line[from..end], fault);
        }
    }

    string? Peek(int index)
    {
        while (_ahead.Count <= index)
            if (FromText() is { } line) _ahead.Enqueue(line);
            else return null;
        return _ahead.ElementAt(index);
    }

    string? Read() => _ahead.TryDequeue(out var line) ? line : FromText();

    /// <summary>As <see cref="TextReader.ReadLine"/>, and a line without an end does not fill the memory.</summary>
    string? FromText()
    {
        var line = new StringBuilder();
        for (var any = false; ; any = true)
        {
            var c = text.Read();
            if (c < 0) return any ? line.ToString() : null;
            if (c == '\n') return line.ToString();
            if (c == '\r')
            {
                if (text.Peek() == '\n') _ = text.Read();
                return line.ToString();
            }
            if (line.Length <= longest) line.Append((char)c);
        }
    }
}
