namespace DirectoryPlatform.Accounts;

/// <summary>
/// Creates the accounts of a file (SPEC R5, M11): CSV in UTF-8, UTF-16 or Windows-1252, whose header names the columns <c>name</c> and
/// <c>email</c>. People who are there already are left alone and reported, so that a broken-off run can be repeated.
/// </summary>
/// <param name="Verified">The addresses are known to be their people's;
/// otherwise each begins unverified, and the person is asked at the first sign-in.</param>
/// <param name="Report">Gets a CSV of line, email and result, one line for each line of the file, in its order. Stays open.</param>
/// <param name="Progress">Lines dealt with until now; called after each chunk.</param>
public sealed record ImportAccounts(Stream File, bool Verified, Stream Report, Origin Origin, Action<long> Progress)
    : IRequest<Outcome<ImportCounts>>;

/// <summary>Answers and reports what <see cref="ImportAccounts"/> of the same file would do now, and does nothing.</summary>
public sealed record PreviewImport(Stream File, bool Verified, Stream Report, Action<long> Progress) : IRequest<Outcome<ImportCounts>>;

/// <param name="Claimed">Of the created ones, those that their domain's owner claims automatically (SPEC C4).</param>
/// <param name="Repeated">Lines whose address stands on an earlier line.</param>
public sealed record ImportCounts(long Created, long Claimed, long Existing, long Repeated, long Invalid)
{
    public static ImportCounts operator +(ImportCounts a, ImportCounts b) =>
        new(a.Created + b.Created, a.Claimed + b.Claimed, a.Existing + b.Existing, a.Repeated + b.Repeated, a.Invalid + b.Invalid);
}

public sealed record ColumnMissing(string Column)
    : Refusal("columnMissing", $"The first line must name the columns; there is no column \"{Column}\".");
