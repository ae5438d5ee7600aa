namespace DirectoryPlatform.Accounts.Internal.AddressLists;

/// <summary>Goes through one text from its head to its end.</summary>
/// <param name="typed">Whether a person typed or pasted it, and no program wrote it.</param>
sealed class AddressListReader(bool typed)
{
    const string AnySeparator = ",;\t";

    /// <summary>No honest entry is longer: such a file is no list.</summary>
    const int LongestEntry = 10_000;

    readonly Dictionary<EmailAddress, ListedAt> _emails = [];
    readonly List<BadLine> _bad = [];
    int _repeated;

    public Outcome<AddressList> Read(string text)
    {
        var (separators, columns, column) = (AnySeparator, 0, -1);
        var lines = new DelimitedText(new StringReader(text), AddressList.MaxBytes);
        for (var first = true; lines.Next(separators) is { } line;)
        {
            if (line.IsBlank || IsSeparatorLine(line, first)) continue;
            if (!typed && line.Cells.Any(c => c.Length > LongestEntry)) return new FileUnreadable();
            if (first && Head(line.Text) is var (by, cells, at))
                (separators, columns, column, lines.CellsGoOverLines) = (by, cells, at, cells > 1);
            else if (column < 0 || columns == 1) ReadLine(line);
            else ReadRow(line, columns, column);
            first = false;
        }
        return _emails.Count + _bad.Count == 0 ? new FileEmpty() : new AddressList(_emails, _bad, _repeated);
    }

    /// <summary>Nothing parts an entry: several addresses in one are none.</summary>
    public static Outcome<AddressList> Each(IReadOnlyList<string> entries)
    {
        var (emails, bad, repeated) = (new Dictionary<EmailAddress, ListedAt>(), new List<BadLine>(), 0);
        for (var i = 0; i < entries.Count; i++)
        {
            var (at, address) = (new ListedAt(i + 1, Short(entries[i])), EmailAddress.Parse(entries[i]));
            if (!address.Granted) bad.Add(at.Refuse(address.Refusal.Sentence));
            else if (!emails.TryAdd(address.Value, at)) repeated++;
        }
        return new AddressList(emails, bad, repeated);
    }

    /// <summary>What parts the cells, how many they are, and which of them holds the addresses; null when the line is no head.</summary>
    static (string Separators, int Columns, int Column)? Head(string text)
    {
        var heads = (from separator in AnySeparator
                     let cells = new DelimitedText(new StringReader(text), text.Length).Next($"{separator}")!.Cells
                     let column = HeaderWords.OfEmail(cells)
                     where column >= 0
                     select (Separators: $"{separator}", cells.Count, Column: column)).ToList();
        if (heads.Count == 0) return null;
        var best = heads.MaxBy(h => h.Count);
        return best.Count == 1 ? (AnySeparator, 1, 0) : best;
    }

    /// <summary>As spreadsheets write it to say what parts the cells.</summary>
    static bool IsSeparatorLine(DelimitedRecord line, bool first) =>
        first && line.Text.Length == 5 && line.Text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase);

    void ReadRow(DelimitedRecord line, int columns, int column)
    {
        var cell = column < line.Cells.Count ? line.Cells[column] : "";
        var fault = line.Fault ?? (line.Cells.Skip(columns).Any(c => c.Length > 0) ? DelimitedRecord.TooManyCells
            : cell.Length == 0 ? "There is no email address on this line." : null);
        if (fault is not null) Refuse(line, line.Text, fault);
        else Take(line, AddressEntries.AreOfMail(cell) ? AddressEntries.OfMail(cell) : [cell], together: true);
    }

    void ReadLine(DelimitedRecord line)
    {
        if (AddressEntries.AreOfMail(line.Text)) Take(line, AddressEntries.OfMail(line.Text), together: false);
        else if (line.Fault is not null) Refuse(line, line.Text, line.Fault);
        else Take(line, [.. line.Cells.Where(c => c.Length > 0).SelectMany(Parts)], together: !typed);
    }

    /// <summary>Blanks part addresses, and are part of what is none.</summary>
    IEnumerable<string> Parts(string cell) =>
        cell.Contains('@') && cell.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: > 1 } parts
            && (typed || parts.All(p => p.Contains('@'))) ? parts : [cell];

    /// <param name="together">Whether one that is no address spoils its line.</param>
    void Take(DelimitedRecord line, IReadOnlyList<string> entries, bool together)
    {
        var read = entries.Select(e => (Text: e, Address: AddressEntries.Parse(e))).ToList();
        if (together && read.Count > 1 && read.Any(e => !e.Address.Granted)) Refuse(line, line.Text, "One column is expected.");
        else foreach (var (text, address) in read)
            if (!address.Granted) Refuse(line, read.Count == 1 ? line.Text.Trim() : text, address.Refusal.Sentence);
            else if (!_emails.TryAdd(address.Value, new(line.Line, Short(text)))) _repeated++;
    }

    void Refuse(DelimitedRecord line, string text, string why) => _bad.Add(new(line.Line, Short(text), why));

    /// <summary>The database takes no NUL.</summary>
    static string Short(string text) => (text.Length <= 80 ? text : text[..80] + "…").Replace("\0", "", StringComparison.Ordinal);
}

/// <summary>By which words a column is known at its head. What has only no @ is no head: it may be a slip of the pen.</summary>
static class HeaderWords
{
    /// <summary>Letters alone, as <see cref="Letters"/> leaves them: English, German, French, Spanish, Portuguese, Italian, Dutch, the
    /// Nordic languages, Polish, Czech and Turkish, and what directories and mail programs write.</summary>
    static readonly HashSet<string> Email =
    [
        "email", "emails", "mail", "emailaddress", "emailaddresses", "mailaddress", "primaryemail", "workemail", "useremail", "emailvalue",
        "address", "addresses", "emailaddressrequired", "userprincipalname", "upn", "user", "username", "login", "loginname", "account",
        "mailadresse", "emailadresse", "emailadressen", "emailkontakt", "adresse", "adresseemail", "adressemail", "adresseélectronique",
        "adresseelectronique", "adressesélectroniques", "courriel", "courriels", "correo", "correos", "correoelectrónico",
        "correoelectronico", "direccióndecorreo", "direccióndecorreoelectrónico", "endereçodeemail", "indirizzoemail",
        "indirizzodipostaelettronica", "postaelettronica", "emailadres", "emailadressen", "epost", "epostadress", "epostadresse",
        "sähköposti", "sähköpostiosoite", "adresemail", "emailadresa", "eposta", "epostaadresi",
    ];

    static readonly HashSet<string> Name = ["name", "names", "fullname", "displayname"];

    public static int OfEmail(IReadOnlyList<string> cells) => Find(cells, Email, "email");

    public static int OfName(IReadOnlyList<string> cells) => Find(cells, Name, "name");

    /// <returns>Its place among the cells, and -1 for none. A column of just this name comes before all others.</returns>
    static int Find(IReadOnlyList<string> cells, HashSet<string> words, string exact)
    {
        // A dot is in no head, but in an address whose @ is missing.
        var heads = cells.Select(c => c.Contains('.') || c.Contains('@') ? "" : Letters(c)).ToList();
        return heads.Contains(exact) ? heads.IndexOf(exact) : heads.FindIndex(words.Contains);
    }

    static string Letters(string cell) => string.Concat(cell.Where(char.IsLetter)).ToLowerInvariant();
}
