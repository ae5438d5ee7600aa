namespace DirectoryPlatform.Accounts;

/// <summary>Sets one detail of the profile (SPEC M3). Carries what its editor saw: when that is no longer what stands there, nothing is
/// written and the refusal says what does.</summary>
/// <param name="Organization">The managing organization, or null when the person edits the own account (A12).</param>
/// <param name="Seen">The value that the form was made from; null or "" for none.</param>
/// <param name="Value">As typed; null or "" takes the detail away.</param>
public sealed record ChangeDetail(AccountId Account, OrganizationId? Organization, AccountDetail Detail, string? Seen, string? Value,
    Origin Origin) : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) =>
        account.ChangeDetail(Organization, Origin.Actor, Detail, Seen, Value, now);
}

/// <summary>Puts a picture that was stored before in the place of the present one,
/// or takes it away (SPEC M5). Pages send <see cref="UploadPicture"/>.</summary>
/// <param name="Picture">Null for the generated initials.</param>
public sealed record ChangePicture(AccountId Account, OrganizationId? Organization, Guid? Picture, Origin Origin)
    : AccountCommand(Account, Origin)
{
    protected override Outcome<AccountFact> DecideOn(Account account, DateTimeOffset now) =>
        account.ChangePicture(Organization, Origin.Actor, Picture, now);
}

/// <summary>
/// Sets several details of a managed account at once (SPEC M3), for programs: all are looked at before any is written, and values that
/// stand there already are passed over. Each that changes has its own audit entry, as if it had been changed on the page. Refused with
/// <see cref="NotFound"/>, or <see cref="DetailsRefused"/> for what cannot be taken.
/// </summary>
/// <param name="Details">Null or "" takes a detail away.</param>
public sealed record ChangeDetails(AccountId Account, OrganizationId Organization, IReadOnlyDictionary<AccountDetail, string?> Details,
    Origin Origin) : IRequest<Outcome<ProfileView>>;

/// <param name="Each">Why, in the order of the details.</param>
public sealed record DetailsRefused(IReadOnlyList<RefusedDetail> Each)
    : Refusal("detailsRefused", string.Join(' ', Each.Select(e => e.Why.Sentence).Distinct()));

/// <param name="TooLong">Whether it is the length alone.</param>
public sealed record RefusedDetail(AccountDetail Detail, Refusal Why, bool TooLong);

/// <summary>A new profile picture (SPEC M5): PNG, JPEG, GIF or WebP, 5 MB at most.
/// What is kept and served is a square that we made ourselves.</summary>
/// <param name="Organization">The managing organization, or null when the person changes the own picture.</param>
/// <param name="Content">Read to its end or to the limit; null when none was chosen.</param>
public sealed record UploadPicture(AccountId Account, OrganizationId? Organization, Stream? Content, Origin Origin)
    : IRequest<Outcome<Done>>
{
    /// <summary>SPEC M5.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;
}

/// <summary>The picture that stands now. Refused with <see cref="NotFound"/> when there is none,
/// and for whoever may not see the account.</summary>
/// <param name="Organization">The managing organization, or null when <paramref name="Viewer"/> looks at the own one.</param>
public sealed record ReadPicture(AccountId Account, OrganizationId? Organization, AccountId Viewer) : IRequest<Outcome<PictureFile>>;

/// <param name="Content">Always WebP, 256 by 256.</param>
public sealed record PictureFile(Guid Id, byte[] Content)
{
    public const string MediaType = "image/webp";
}
