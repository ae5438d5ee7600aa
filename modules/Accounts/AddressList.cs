namespace DirectoryPlatform.Accounts;

/// <param name="Name">As the admin's computer calls it; told with each bad line where there are several.</param>
public sealed record NamedFile(string Name, Stream Content);

/// <summary>What an admin gives to say who is meant: files, pasted text, or both.</summary>
public sealed record AddressInput(IReadOnlyList<NamedFile> Files, string? Text = null)
{
    public static AddressInput Of(string? text) => new([], text);

    public static AddressInput Of(Stream file) => new([new("The file", file)]);

    /// <summary>As a program names them: each is one address, or is told with its number.</summary>
    public IReadOnlyList<string> Entries { get; init; } = [];

    public bool IsEmpty => Files.Count == 0 && string.IsNullOrWhiteSpace(Text) && Entries.Count == 0;
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
}

/// <summary>Reads all of the input. Refused with <see cref="FileEmpty"/>, <see cref="FileTooLarge"/>, <see cref="FileUnreadable"/> or
/// <see cref="TooManyRows"/>; of several files with <see cref="FileRefused"/>.</summary>
/// <param name="MostRows">Of each file, and of the text.</param>
public sealed record ReadAddressList(AddressInput Input, int MostRows = AddressList.MaxRows) : IRequest<Outcome<AddressList>>;
