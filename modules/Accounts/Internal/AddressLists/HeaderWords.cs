namespace DirectoryPlatform.Accounts.Internal.AddressLists;

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
