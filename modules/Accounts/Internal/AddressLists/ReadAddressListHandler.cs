namespace DirectoryPlatform.Accounts.Internal.AddressLists;

sealed class ReadAddressListHandler : IRequestHandler<ReadAddressList, Outcome<AddressList>>
{
    public Task<Outcome<AddressList>> Handle(ReadAddressList query, CancellationToken ct) => Read(query.Input, ct, query.MostRows);

    /// <summary>All of the input. Where it is more than one, the sentences about lines begin with the name of the file.</summary>
    /// <param name="mostRows">Of each file, and of the text.</param>
    public static async Task<Outcome<AddressList>> Read(AddressInput input, CancellationToken ct, int mostRows = AddressList.MaxRows)
    {
        var parts = new List<(string Name, Outcome<AddressList> List)>();
        foreach (var (name, content) in input.Files) parts.Add((name, await ReadFile(content, ct)));
        if (!string.IsNullOrWhiteSpace(input.Text)) parts.Add(("The list", OfText(input.Text)));
        if (input.Entries.Count > 0) parts.Add(("The entries", AddressListReader.Each(input.Entries)));
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
            if (bytes.Length > AddressList.MaxBytes) return new FileTooLarge();
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
