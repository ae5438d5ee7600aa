namespace DirectoryPlatform.Accounts;

/// <summary>
/// One account's lifecycle state, and every transition it can make (SPEC A1–A8, C3–C7). Pure: a command in, a fact or a refusal out;
/// <see cref="After"/> gives the next state. Refusals stand in the order in which an admin would check them.
/// </summary>
/// <param name="Version">One more with every fact; the database saves a turn only on the version that it was decided on.</param>
/// <param name="Email">Null once erased.</param>
/// <param name="AdminOf">Organizations that this account administers.</param>
/// <param name="OnlyAdminOf">Those of them that have no other admin who can act;
/// read together with the row, under a lock per organization.</param>
/// <param name="ExcludedBy">Organizations that unclaimed the account and will not take it again automatically (C7).</param>
public sealed record Account(
    AccountId Id, long Version, EmailAddress? Email, string Name, AccountState State, bool EmailVerified, OrganizationId? ManagedBy,
    DateTimeOffset? ClaimedAt,
    DateTimeOffset CreatedAt, DateTimeOffset? DeletionDueAt, string? DeactivationReason, string? DeactivationMessage,
    IReadOnlyList<OrganizationId> AdminOf, IReadOnlyList<OrganizationId> OnlyAdminOf, IReadOnlyList<OrganizationId> ExcludedBy)
{
    /// <summary>The wide part, which only commands about itself look at; bulk work does not read it.</summary>
    public AccountProfile Profile { get; init; } = AccountProfile.None;

    /// <summary>Changes of address in this turn: what has to be written along with the row. Never read back.</summary>
    public IReadOnlyList<EmailAddressChanged> Moves { get; init; } = [];

    /// <summary>Begun by a sign-up, and not by an import or an admin.</summary>
    public bool SignedUp { get; init; }

    /// <summary>The organization that has scheduled the deletion; null where the person did, and where none waits. It stays when nobody
    /// manages the account any more: the decision was not the person's.</summary>
    public OrganizationId? DeletionBy { get; init; }

    /// <summary>SPEC A5.</summary>
    public static readonly TimeSpan DeletionGrace = TimeSpan.FromDays(14);

    /// <summary>
    /// For so long somebody who signed up may take to verify; then the sign-up is forgotten and the address free again (SPEC A2).
    /// </summary>
    public static readonly TimeSpan UnverifiedFor = TimeSpan.FromDays(7);

    /// <summary>What an erased person's deeds show (SPEC A6).</summary>
    public const string FormerUser = "Former user";

    /// <summary>The gate's question (SPEC A9): may this account act now?</summary>
    public bool MayAct => State is AccountState.Active;

    /// <param name="claimFor">Who claims the domain automatically; the account goes there in the same turn,
    /// unless it is excluded or managed (C4).</param>
    public Outcome<AccountFact> VerifyEmail(EmailAddress email, OrganizationId? claimFor, DateTimeOffset now) => this switch
    {
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        _ when Email != email => new EmailChanged(),
        { EmailVerified: true } => new EmailAlreadyVerified(),
        _ => new EmailAddressVerified(Id, now, ManagedBy ?? (claimFor is { } claimer && !ExcludedBy.Contains(claimer) ? claimer : null)),
    };

    /// <summary>Why no mail brings a link that verifies the address; null when only the limits decide (SPEC A2).</summary>
    /// <param name="by">Null when the person, or the gate, asks for it.</param>
    public Refusal? RefusalToMailVerification(OrganizationId? by, Guid? actor) => this switch
    {
        _ when (by is null ? actor is { } who && who != Id.Value : ManagedBy != by) => new NotManagedHere(),
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        { EmailVerified: true } => new EmailAlreadyVerified(),
        { State: AccountState.PendingDeletion } => new BeingDeleted(),
        _ => FormerAddress.Is(Email) ? new HasNoAddress() : null,
    };

    public Outcome<AccountFact> Deactivate(OrganizationId by, Guid? actor, string? reason, string? message, bool notify,
        DateTimeOffset now) => this switch
        {
            _ when ManagedBy != by => new NotManagedHere(),
            _ when actor == Id.Value => new Yourself(),
            { State: AccountState.Deactivated } => new AlreadyDeactivated(),
            { State: AccountState.PendingDeletion } => new BeingDeleted(),
            { State: AccountState.Deleted } => new AccountIsDeleted(),
            { State: AccountState.Unverified } => new EmailUnverified(),
            { OnlyAdminOf.Count: > 0 } => new LastOrganizationAdmin(Elsewhere: !OnlyAdminOf.Contains(by)),
            _ when DeactivateAccount.RefusalOf(reason, message) is { } refusal => refusal,
            { State: AccountState.Active } => new AccountDeactivated(Id, now, by, Blank(reason), Blank(message)) { Notify = notify },
        };

    public Outcome<AccountFact> Reactivate(OrganizationId by, DateTimeOffset now) => this switch
    {
        _ when ManagedBy != by => new NotManagedHere(),
        { State: AccountState.PendingDeletion } => new BeingDeleted(),
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        { State: AccountState.Active or AccountState.Unverified } => new NotDeactivated(),
        _ when FormerAddress.Is(Email) => new HasNoAddress(),
        { State: AccountState.Deactivated } => new AccountReactivated(Id, now, by),
    };

    /// <param name="by">Null when the person deletes the own account, which only an unmanaged person may.</param>
    public Outcome<AccountFact> ScheduleDeletion(OrganizationId? by, Guid? actor, DateTimeOffset now) => this switch
    {
        _ when by is null && actor != Id.Value => new NotFound("account"),
        _ when by is null && ManagedBy is not null => new ManagedByOrganization(),
        _ when by is not null && ManagedBy != by => new NotManagedHere(),
        _ when by is not null && actor == Id.Value => new Yourself(),
        { State: AccountState.PendingDeletion } => new BeingDeleted(),
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        { OnlyAdminOf.Count: > 0 } => new LastOrganizationAdmin(Elsewhere: by is { } here && !OnlyAdminOf.Contains(here)),
        { State: AccountState.Unverified or AccountState.Active or AccountState.Deactivated } =>
            new DeletionScheduled(Id, now, by, now + DeletionGrace),
    };

    /// <param name="by">Null when the person cancels the deletion of the own account, which only the person has scheduled.</param>
    /// <param name="takenBack">The account goes back to whom it was taken from (SPEC A15), whoever scheduled its deletion.</param>
    public Outcome<AccountFact> CancelDeletion(OrganizationId? by, DateTimeOffset now, bool takenBack = false) => this switch
    {
        _ when by is null && ManagedBy is not null => new ManagedByOrganization(),
        _ when by is not null && ManagedBy != by => new NotManagedHere(),
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        { State: AccountState.Unverified or AccountState.Active or AccountState.Deactivated } => new NotBeingDeleted(),
        _ when by is null && DeletionBy is not null && !takenBack => new DeletionOfOrganization(),
        _ when DeletionDueAt <= now => new DeletionIsDue(),
        { State: AccountState.PendingDeletion } => new DeletionCancelled(Id, now, by),
    };

    public Outcome<AccountFact> Erase(DateTimeOffset now) => this switch
    {
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        { State: AccountState.Unverified or AccountState.Active or AccountState.Deactivated } => new NotBeingDeleted(),
        _ when DeletionDueAt > now => new DeletionNotDue(),
        { State: AccountState.PendingDeletion } => new AccountErased(Id, now),
    };

    /// <summary>A sign-up that nobody verified in time.</summary>
    public Outcome<AccountFact> ForgetSignUp(DateTimeOffset now) => this switch
    {
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        { State: not AccountState.Unverified } or { SignedUp: false } => new EmailAlreadyVerified(),
        _ when CreatedAt + UnverifiedFor > now => new DeletionNotDue(),
        _ => new AccountErased(Id, now),
    };

    /// <param name="unnamed">One of all on the domain, and not named by anybody: whoever has only signed up with the address waits until
    /// it is verified (C4).</param>
    public Outcome<AccountFact> Claim(OrganizationId by, string domain, bool evenIfExcluded, DateTimeOffset now, bool unnamed = false) =>
        this switch
        {
            { State: AccountState.Deleted } => new AccountIsDeleted(),
            _ when Email?.Domain != domain => new NotOnDomain(),
            _ when ManagedBy == by => new AlreadyClaimed(),
            { ManagedBy: not null } => new ManagedElsewhere(),
            { State: AccountState.Unverified, SignedUp: true } when unnamed => new NotVerifiedYet(),
            _ when !evenIfExcluded && ExcludedBy.Contains(by) => new ExcludedFromClaiming(),
            _ => new AccountClaimed(Id, now, by),
        };

    public Outcome<AccountFact> Unclaim(OrganizationId by, bool exclude, DateTimeOffset now) => this switch
    {
        _ when ManagedBy != by => new NotManagedHere(Unclaiming: true),
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        // Nobody could ever come to it again.
        _ when FormerAddress.Is(Email) => new HasNoAddress(),
        _ => new AccountUnclaimed(Id, now, by, exclude),
    };

    public Outcome<AccountFact> Exclude(OrganizationId by, string domain, DateTimeOffset now) => this switch
    {
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        _ when Email?.Domain != domain => new NotOnDomain(),
        _ when ManagedBy == by => new UnclaimFirst(),
        _ when ExcludedBy.Contains(by) => new AlreadyExcluded(),
        _ => new AccountExcluded(Id, now, by),
    };

    public Outcome<AccountFact> Readmit(OrganizationId by, DateTimeOffset now) => this switch
    {
        _ when !ExcludedBy.Contains(by) => new NotExcluded(),
        _ => new AccountReadmitted(Id, now, by),
    };

    public Outcome<AccountFact> AppointAdmin(OrganizationId organization, DateTimeOffset now, Guid? actor = null) => this switch
    {
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        { State: AccountState.Unverified } => new EmailUnverified(),
        _ when AdminOf.Contains(organization) => new AlreadyAdmin(),
        _ => new OrganizationAdminAppointed(Id, now, organization, actor is { } by ? new AccountId(by) : null),
    };

    /// <summary>The last admin goes with the organization, too.</summary>
    public Outcome<AccountFact> LeaveDeleted(OrganizationId organization, DateTimeOffset now) => AdminOf.Contains(organization)
        ? new OrganizationAdminDismissed(Id, now, organization)
        : new NotAdmin();

    public Outcome<AccountFact> DismissAdmin(OrganizationId organization, DateTimeOffset now, Guid? actor = null) => this switch
    {
        _ when !AdminOf.Contains(organization) => new NotAdmin(),
        _ when OnlyAdminOf.Contains(organization) => new LastOrganizationAdmin(),
        _ => new OrganizationAdminDismissed(Id, now, organization, actor is { } by ? new AccountId(by) : null),
    };

    public string? this[AccountDetail detail] => detail is AccountDetail.Name ? Name : Profile[detail];

    /// <summary>Why this editor may not change the field at all (SPEC A2, A7, A11); null when the value alone decides. Pages ask it before
    /// they offer to edit.</summary>
    /// <param name="by">Null when the person edits the own account.</param>
    /// <param name="field">See <see cref="AccountProfile.ProvisionedFields"/>.</param>
    public Refusal? RefusalToEdit(OrganizationId? by, Guid? actor, string field) => this switch
    {
        _ when by is null && actor != Id.Value => new NotFound("account"),
        _ when by is not null && ManagedBy != by => new NotManagedHere(),
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        { State: AccountState.PendingDeletion } => new BeingDeleted(),
        { State: AccountState.Unverified } => new EmailUnverified(),
        { State: AccountState.Deactivated } when by is null => new AccountNotActive(),
        _ => Profile.OwnerOf(field) is { } provider ? new OwnedByProvider(provider) : null,
    };

    /// <param name="seen">What the editor saw; a stale one is refused, and the refusal says what stands there now (SPEC M3).</param>
    public Outcome<AccountFact> ChangeDetail(OrganizationId? by, Guid? actor, AccountDetail detail, string? seen, string? typed,
        DateTimeOffset now)
    {
        var (value, invalid) = DetailRules.Read(detail, typed);
        return this switch
        {
            _ when RefusalToEdit(by, actor, detail.Field()) is { } refusal => refusal,
            _ when invalid is not null => invalid,
            _ when this[detail] == value => new DetailUnchanged(),
            _ when (this[detail] ?? "") != (seen ?? "") => new DetailStale(this[detail]),
            _ => new DetailChanged(Id, now, by, detail, value),
        };
    }

    public Outcome<AccountFact> ChangePicture(OrganizationId? by, Guid? actor, Guid? picture, DateTimeOffset now) => this switch
    {
        _ when RefusalToEdit(by, actor, "picture") is { } refusal => refusal,
        _ when picture is null && Profile.Picture is null => new NoPicture(),
        _ => new PictureChanged(Id, now, by, picture),
    };

    /// <summary>To an address that is known to be right: on a domain that the organization owns (SPEC M4),
    /// or confirmed by a link (A12).</summary>
    /// <param name="claimFor">Who claims the new domain automatically; the account goes there in the same turn,
    /// unless it is excluded or managed (C4).</param>
    /// <param name="asker">As in <see cref="AdminReach"/>; of no matter when the person changes the own address.</param>
    /// <param name="asked">The person's wish that is carried out; null for none.</param>
    public Outcome<AccountFact> ChangeEmail(
        OrganizationId? by, Guid? actor, EmailAddress seen, EmailAddress email, OrganizationId? claimFor, DateTimeOffset now,
        IReadOnlyList<OrganizationId>? asker = null, Guid? asked = null) => this switch
        {
            _ when by is null && actor == Id.Value && ManagedBy is not null => new ManagedByOrganization(),
            _ when RefusalToEditEmail(by, actor, asker) is { } refusal => refusal,
            _ when Email == email => new EmailUnchanged(),
            _ when Email != seen => new EmailStale($"{Email}"),
            _ => new EmailAddressChanged(Id, now, by, $"{Email}", email.Value, ManagedBy is null && claimFor is { } claimer
                && !ExcludedBy.Contains(claimer) ? claimer : null)
            {
                Asked = asked,
                Actor = actor is { } who ? new AccountId(who) : null,
            },
        };

    /// <summary>As <see cref="RefusalToEdit"/>, and how an admin is reached is changed by few (SPEC S13).</summary>
    /// <param name="asker">As in <see cref="AdminReach"/>.</param>
    public Refusal? RefusalToEditEmail(OrganizationId? by, Guid? actor, IReadOnlyList<OrganizationId>? asker) =>
        RefusalToEdit(by, actor, "email") ?? (by is null ? null : AdminReach.Refused(AdminOf, asker));

    /// <summary>Whatever has become of the account since, it gets back an address that its person had left (SPEC A15).</summary>
    public Outcome<AccountFact> TakeEmailBack(Guid left, EmailAddress email, DateTimeOffset since, DateTimeOffset now) => this switch
    {
        { State: AccountState.Deleted } => new AccountIsDeleted(),
        _ when Email == email => new EmailUnchanged(),
        _ => new EmailAddressChanged(Id, now, null, $"{Email}", email.Value, null)
        {
            TakenBack = left,
            Since = since,
            // Only who moved the account to its domain could have claimed it; left to a later turn, it would move the account once more.
            UnclaimedFrom = ClaimedAt >= since ? ManagedBy : null,
        },
    };

    /// <summary>The next state. <paramref name="before"/> is null for the first fact of an account.</summary>
    public static Account After(Account? before, AccountFact fact) => fact is AccountSignedUp signedUp
        ? new Account(
            fact.Account, 1, EmailAddress.Trusted(signedUp.Email), signedUp.Name, signedUp.Verified
                ? AccountState.Active
                : AccountState.Unverified, signedUp.Verified,
            signedUp.ClaimedBy, signedUp.ClaimedBy is null ? null : fact.At, fact.At, null, null, null, [], [], [])
        { SignedUp = !signedUp.Verified }
        : (before ?? throw new InvalidOperationException($"{fact.GetType().Name} on an account that does not exist"))
        .Next(fact) with
        { Version = before.Version + 1 };

    Account Next(AccountFact fact) => fact switch
    {
        EmailAddressVerified f => this with
        {
            EmailVerified = true,
            State = State is AccountState.Unverified ? AccountState.Active : State,
            ManagedBy = f.ClaimedBy ?? ManagedBy,
            ClaimedAt = f.ClaimedBy is null ? ClaimedAt : f.At,
        },
        AccountDeactivated f =>
            this with { State = AccountState.Deactivated, DeactivationReason = f.Reason, DeactivationMessage = f.Message },
        AccountReactivated => this with { State = AccountState.Active, DeactivationReason = null, DeactivationMessage = null },
        DeletionScheduled f => this with { State = AccountState.PendingDeletion, DeletionDueAt = f.DueAt, DeletionBy = f.By },
        DeletionCancelled => this with
        {
            State = FormerAddress.Is(Email) ? AccountState.Deactivated : EmailVerified ? AccountState.Active : AccountState.Unverified,
            DeletionDueAt = null,
            DeletionBy = null,
            DeactivationReason = null,
            DeactivationMessage = null,
        },
        AccountErased => this with
        {
            State = AccountState.Deleted,
            Email = null,
            Name = FormerUser,
            EmailVerified = false,
            DeletionDueAt = null,
            DeletionBy = null,
            ManagedBy = null,
            ClaimedAt = null,
            DeactivationReason = null,
            DeactivationMessage = null,
            AdminOf = [],
            OnlyAdminOf = [],
            ExcludedBy = [],
            Profile = AccountProfile.None,
        },
        AccountClaimed f => this with { ManagedBy = f.By, ClaimedAt = f.At, ExcludedBy = [.. ExcludedBy.Where(o => o != f.By)] },
        AccountUnclaimed f =>
            this with
            {
                ManagedBy = null,
                ClaimedAt = null,
                ExcludedBy = f.Excluded
                ? [.. ExcludedBy.Where(o => o != f.By), f.By]
                : ExcludedBy
            },
        AccountExcluded f => this with { ExcludedBy = [.. ExcludedBy, f.Organization] },
        AccountReadmitted f => this with { ExcludedBy = [.. ExcludedBy.Where(o => o != f.Organization)] },
        OrganizationAdminAppointed f => this with { AdminOf = [.. AdminOf, f.Organization] },
        OrganizationAdminDismissed f =>
            this with
            {
                AdminOf = [.. AdminOf.Where(o => o != f.Organization)],
                OnlyAdminOf = [.. OnlyAdminOf.Where(o => o != f.Organization)]
            },
        DetailChanged { Detail: AccountDetail.Name } f => this with { Name = f.Value! },
        DetailChanged f => this with { Profile = Profile.With(f.Detail, f.Value) },
        PictureChanged f => this with { Profile = Profile with { Picture = f.Picture } },
        AccountProvisioned f => this with { Profile = Profile with { ProvisionedBy = f.Provider, ProvisionedFields = f.Fields } },
        AccountReleased => this with { Profile = Profile with { ProvisionedBy = null, ProvisionedFields = [] } },
        AddressWithdrawn f => this with
        {
            Email = EmailAddress.Trusted(f.Email),
            EmailVerified = false,
            State = State is AccountState.PendingDeletion ? State : AccountState.Deactivated,
            DeactivationReason = State is AccountState.PendingDeletion ? DeactivationReason : AddressWithdrawn.Reason,
            DeactivationMessage = null,
        },
        EmailAddressChanged f => this with
        {
            Email = EmailAddress.Trusted(f.Email),
            EmailVerified = true,
            ManagedBy = f.UnclaimedFrom is null ? f.ClaimedBy ?? ManagedBy : null,
            ClaimedAt = f switch { { UnclaimedFrom: not null } => null, { ClaimedBy: null } => ClaimedAt, _ => f.At },
            ExcludedBy = f.UnclaimedFrom is { } organization
                ? [.. ExcludedBy.Where(o => o != organization), organization]
                : ExcludedBy,
            Moves = [.. Moves, f],
        },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} has no next state"),
    };

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>SPEC A1. Who manages the account is not part of it.</summary>
public enum AccountState { Unverified, Active, Deactivated, PendingDeletion, Deleted }
