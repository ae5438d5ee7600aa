using DirectoryPlatform.Accounts.Internal.AddressLists;
using DirectoryPlatform.Kernel;

namespace DirectoryPlatform.Accounts;

/// <param name="Name">As the admin's computer calls it; told with each bad line where there are several.</param>
public sealed record NamedFile(string Name, Stream Content);

/// <summary>What an admin gives to say who is meant: files, pasted text, or both.</summary>
public sealed record AddressInput(IReadOnlyList<NamedFile> Files, string? Text = null)
{
    public static AddressInput Of(string? text) => new([], text);

    public static AddressInput Of(Stream file) => new([new("The file", file)]);

    public bool IsEmpty => Files.Count == 0 && string.IsNullOrWhiteSpace(Text);
}

/// <param name="Text">The entry as it stands there.</param>
/// <param name="File">Null where there is one alone.</param>
public readonly record struct ListedAt(int Line, string Text, string? File = null)
{
    public BadLine Refuse(string why) => new(Line, Text, File is null ? why : $"{File}: {why}");
}

/// <summary>
/// A list of email addresses as admins have them from anywhere (SPEC C6, M11): UTF-8, UTF-16 or Windows-1252; a column, a table whose head
/// names its column, or the list of a mail program; commas, semicolons, tabs and quotation marks. Each line is an address, an address that
/// stood there before, or told with its reason.
/// </summary>
/// <param name="Emails">Each address once, in the order of the input, with where it first stood.</param>
/// <param name="BadLines">Each once, with its text as it stands in the input.</param>
/// <param name="Repeated">Entries that name an address of an earlier line.</param>
public sealed record AddressList(IReadOnlyDictionary<EmailAddress, ListedAt> Emails, IReadOnlyList<BadLine> BadLines, int Repeated = 0)
{
    /// <summary>Of a file; SPEC C6.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    /// <summary>Of a file, or of pasted text; SPEC C6.</summary>
    public const int MaxRows = 10_000;

    /// <summary>Lines that hold something, without a head and without repeated addresses.</summary>
    public int Rows => Emails.Count + BadLines.Count;

    /// <summary>Addresses, and what is none, in the order of the input.</summary>
    public IReadOnlyList<string> Entries =>
        [.. Emails.Select(e => (e.Value.Line, Text: e.Key.Value)).Concat(BadLines.Select(b => (b.Line, b.Text))).OrderBy(e => e.Line)
            .Select(e => e.Text)];

    /// <summary>All of the input. Where it is more than one, the sentences about lines begin with the name of the file.</summary>
    /// <param name="mostRows">Of each file, and of the text.</param>
    public static async Task<Outcome<AddressList>> Read(AddressInput input, CancellationToken ct, int mostRows = MaxRows)
    {
        var parts = new List<(string Name, Outcome<AddressList> List)>();
        foreach (var (name, content) in input.Files) parts.Add((name, await ReadFile(content, ct)));
        if (!string.IsNullOrWhiteSpace(input.Text)) parts.Add(("The list", OfText(input.Text)));
        var (emails, bad, repeated) = (new Dictionary<EmailAddress, ListedAt>(), new List<BadLine>(), 0);
        foreach (var (name, list) in parts)
        {
            if (!list.Granted) return parts.Count == 1 ? list : new FileRefused(name, list.Refusal.Sentence);
            if (list.Value.Rows > mostRows) return new TooManyRows(name, mostRows);
            // Alone its name would only be in the way.
            var file = parts.Count == 1 ? null : name;
            bad.AddRange(list.Value.BadLines.Select(b => new ListedAt(b.Line, b.Text, file).Refuse(b.Why)));
            repeated += list.Value.Repeated + list.Value.Emails.Count(e => !emails.TryAdd(e.Key, e.Value with { File = file }));
        }
        return emails.Count + bad.Count == 0 ? new FileEmpty() : new AddressList(emails, bad, repeated);
    }

    static async Task<Outcome<AddressList>> ReadFile(Stream file, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = await file.ReadAsync(buffer, ct)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxBytes) return new FileTooLarge();
        }
        bytes.Position = 0;
        var encoding = TextEncoding.Of(bytes);
        using var reader = new StreamReader(bytes, encoding);
        var text = await reader.ReadToEndAsync(ct);
        // Every byte is something in Windows-1252, and much of a picture is what no text holds.
        var isText = !text.Contains('\0')
            && (encoding != TextEncoding.Western || !text.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c)));
        return isText ? Parse(text, typed: false) : new FileUnreadable();
    }

    /// <summary>As an admin types or pastes it: here blanks part addresses, too, and each is told by itself.</summary>
    public static Outcome<AddressList> OfText(string text) => Parse(text, typed: true);

    static Outcome<AddressList> Parse(string text, bool typed) => new AddressListReader(typed).Read(text);
}
