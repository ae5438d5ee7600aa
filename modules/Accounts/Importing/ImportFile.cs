using CsvHelper;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Kernel.Names;

namespace DirectoryPlatform.Accounts.Importing;

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
        var address = EmailAddress.Parse(email);
        name = PlainText.Normalise(name);
        var shown = email.Length <= 254 ? email : email[..254];
        return (address.Granted, name) switch
        {
            (false, _) => new(number, shown.Replace("\0", ""), null, name, address.Refusal!.Sentence),
            (_, "") => new(number, shown, null, name, "The name is missing."),
            _ when PlainText.Length(name) > PlainText.LongestName =>
                new(number, shown, null, name, $"The name has more than {PlainText.LongestName} characters."),
            _ when !PlainText.IsReadable(name) => new(number, shown, null, name, "The name holds characters that cannot be read."),
            _ => new(number, shown, address.Value, name, null),
        };
    }
}

/// <summary>Reads an import line by line. A further column, such as one of the profile,
/// is looked up beside these two and carried on the line.</summary>
sealed class ImportFile : IDisposable
{
    /// <summary>No honest line is longer; a quote that is never closed is found here.</summary>
    const int MaxRecord = 64 * 1024;

    readonly CsvReader _csv;
    readonly HashSet<EmailAddress> _seen = [];
    readonly int _name, _email;

    ImportFile(CsvReader csv, int name, int email) => (_csv, _name, _email) = (csv, name, email);

    public static Outcome<ImportFile> Open(Stream file)
    {
        var csv = CsvReader.Create(file, new CsvReaderOptions { TrackLineNumbers = true, MaxRecordSize = MaxRecord }, leaveOpen: true);
        try
        {
            csv.ReadHeader();
            foreach (var column in (string[])["name", "email"])
                if (!csv.TryGetFieldIndex(column, out _))
                {
                    csv.Dispose();
                    return new ColumnMissing(column);
                }
            return new ImportFile(csv, csv.GetFieldIndex("name"), csv.GetFieldIndex("email"));
        }
        catch (CsvFormatException bad)
        {
            csv.Dispose();
            return new ImportUnreadable(bad.Message);
        }
    }

    /// <returns>Up to so many lines; none at the end.</returns>
    /// <exception cref="CsvFormatException">The file is broken from here on.</exception>
    public IReadOnlyList<ImportLine> Next(int count)
    {
        var lines = new List<ImportLine>(count);
        while (lines.Count < count && _csv.Read())
        {
            var (name, email) = (Cell(_name), Cell(_email));
            if (name.Length == 0 && email.Length == 0) continue;
            var line = ImportLine.Of(_csv.LineNumber, email, name);
            lines.Add(line.Address is { } address && !_seen.Add(address) ? line.AsRepeated() : line);
        }
        return lines;
    }

    string Cell(int index) => index < _csv.FieldCount ? _csv.GetString(index).Trim() : "";

    public void Dispose() => _csv.Dispose();
}
