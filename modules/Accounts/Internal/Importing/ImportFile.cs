namespace DirectoryPlatform.Accounts.Internal.Importing;

/// <summary>A line of the file as it is understood.</summary>
/// <param name="Email">As it stands in the file, shortened.</param>
/// <param name="Refusal">Why the line makes no account; null when it does.</param>
sealed record ImportLine(long Number, string Email, EmailAddress? Address, string Name, string? Refusal)
{
    const string Repeated = "repeated";

    public bool IsRepeated => Refusal == Repeated;

    public ImportLine AsRepeated() => this with { Refusal = Repeated };

    public static ImportLine Of(long number, string email, string name)
    {
        var address = AddressEntries.Parse(email);
        name = PlainText.Normalise(name);
        return (address.Granted, name) switch
        {
            (false, _) => new(number, Shown(email), null, name, address.Refusal!.Sentence),
            (_, "") => new(number, Shown(email), null, name, "The name is missing."),
            _ when PlainText.Length(name) > PlainText.LongestName =>
                new(number, Shown(email), null, name, $"The name has more than {PlainText.LongestName} characters."),
            _ when !PlainText.IsReadable(name) =>
                new(number, Shown(email), null, name, "The name contains characters that cannot be read."),
            _ => new(number, Shown(email), address.Value, name, null),
        };
    }

    /// <summary>A line whose cells cannot be told apart.</summary>
    public static ImportLine Faulty(DelimitedRecord line) => new(line.Line, Shown(line.Text), null, "", line.Fault);

    static string Shown(string text) => (text.Length <= 254 ? text : text[..254]).Replace("\0", "", StringComparison.Ordinal);
}

/// <summary>Reads an import line by line (SPEC M11). A further column, such as one of the profile,
/// is looked up beside these two and carried on the line.</summary>
sealed class ImportFile : IDisposable
{
    /// <summary>No honest line is longer.</summary>
    const int MaxRecord = 64 * 1024;

    readonly StreamReader _text;
    readonly DelimitedText _lines;
    readonly string _separator;
    readonly HashSet<EmailAddress> _seen = [];
    readonly int _columns, _name, _email;

    ImportFile(StreamReader text, DelimitedText lines, string separator, int columns, int name, int email) =>
        (_text, _lines, _separator, _columns, _name, _email) = (text, lines, separator, columns, name, email);

    public static async Task<Outcome<ImportFile>> Open(Stream file, CancellationToken ct)
    {
        if (!file.CanSeek)
        {
            var copy = new MemoryStream();
            await file.CopyToAsync(copy, ct);
            copy.Position = 0;
            file = copy;
        }
        var text = new StreamReader(file, TextEncoding.Of(file), true, -1, leaveOpen: true);
        var lines = new DelimitedText(text, MaxRecord);
        var head = lines.Next("");
        while (head is { IsBlank: true }) head = lines.Next("");
        var found = from separator in (string[])[",", ";", "\t"]
                    let cells = new DelimitedText(new StringReader(head?.Text ?? ""), MaxRecord).Next(separator)?.Cells ?? []
                    select (separator, cells.Count, Name: HeaderWords.OfName(cells), Email: HeaderWords.OfEmail(cells));
        // What parts the columns is what finds most of them.
        var (by, columns, name, email) = found.MaxBy(f => (f.Name >= 0 ? 1 : 0) + (f.Email >= 0 ? 1 : 0));
        lines.CellsGoOverLines = true;
        if (name >= 0 && email >= 0) return new ImportFile(text, lines, by, columns, name, email);
        text.Dispose();
        return new ColumnMissing(name < 0 ? "name" : "email");
    }

    /// <returns>Up to so many lines; none at the end.</returns>
    public IReadOnlyList<ImportLine> Next(int count)
    {
        var lines = new List<ImportLine>(count);
        while (lines.Count < count && _lines.Next(_separator) is { } record)
        {
            if (record.IsBlank) continue;
            var line = record.Fault is not null ? ImportLine.Faulty(record)
                // A comma in a name without quotation marks: an account with half of the name could not be undone.
                : record.Cells.Skip(_columns).Any(c => c.Length > 0)
                    ? ImportLine.Faulty(record with { Fault = DelimitedRecord.TooManyCells })
                : ImportLine.Of(record.Line, Cell(record, _email), Cell(record, _name));
            lines.Add(line.Address is { } address && !_seen.Add(address) ? line.AsRepeated() : line);
        }
        return lines;
    }

    static string Cell(DelimitedRecord record, int index) => index < record.Cells.Count ? record.Cells[index] : "";

    public void Dispose() => _text.Dispose();
}
