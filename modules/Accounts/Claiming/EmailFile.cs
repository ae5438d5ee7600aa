using System.Text.Unicode;
using CsvHelper;
using DirectoryPlatform.Kernel;

namespace DirectoryPlatform.Accounts.Claiming;

/// <summary>A one-column CSV of email addresses, as admins export them from anywhere (SPEC C6): BOM, CRLF, blank lines, header, duplicates
/// and any letter case are fine.</summary>
/// <param name="Emails">Each address once, with the line that it first stood on.</param>
public sealed record EmailFile(IReadOnlyDictionary<EmailAddress, int> Emails, IReadOnlyList<BadLine> BadLines)
{
    /// <summary>SPEC C6.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    /// <summary>Of a file of accounts to unclaim; SPEC C6.</summary>
    public const int MaxUnclaimRows = 10_000;

    /// <summary>Rows that hold something, without the header and without repeated addresses.</summary>
    public int Rows => Emails.Count + BadLines.Count;

    public static async Task<Outcome<EmailFile>> Read(Stream file, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = await file.ReadAsync(buffer, ct)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxBytes) return new FileTooLarge();
        }
        var text = bytes.ToArray();
        if (!IsText(text)) return new FileUnreadable();
        try
        {
            return Parse(text);
        }
        catch (CsvFormatException) { return new FileUnreadable(); }
    }

    static Outcome<EmailFile> Parse(byte[] text)
    {
        using var csv = CsvReader.Create(new MemoryStream(text),
            new CsvReaderOptions { HasHeader = false, TrackLineNumbers = true, MaxRecordSize = 10_000 }, leaveOpen: false);
        var emails = new Dictionary<EmailAddress, int>();
        var bad = new List<BadLine>();
        var first = true;
        while (csv.Read())
        {
            var cells = Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetString(i).Trim()).ToArray();
            if (cells.All(c => c.Length == 0)) continue;
            // Two bytes a character may hide a NUL from the look at the bytes, and the database takes none.
            if (cells.Any(c => c.Contains('\0'))) return new FileUnreadable();
            var isHeader = first && !cells[0].Contains('@');
            first = false;
            if (isHeader) continue;
            var (line, email) = ((int)csv.LineNumber, EmailAddress.Parse(cells[0]));
            if (cells.Skip(1).Any(c => c.Length > 0)) bad.Add(new(line, Short(string.Join(',', cells)), "One column is expected."));
            else if (!email.Granted) bad.Add(new(line, Short(cells[0]), email.Refusal.Sentence));
            else emails.TryAdd(email.Value, line);
        }
        return emails.Count + bad.Count == 0 ? new FileEmpty() : new EmailFile(emails, bad);
    }

    /// <summary>UTF-8, or UTF-16 with its mark, as spreadsheets write it;
    /// anything with a NUL or broken UTF-8 is some other kind of file.</summary>
    static bool IsText(byte[] bytes) =>
        bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || (!bytes.Contains((byte)0) && Utf8.IsValid(bytes));

    static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
