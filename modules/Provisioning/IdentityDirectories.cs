namespace DirectoryPlatform.Provisioning;

/// <summary>
/// A directory that an identity provider fills by SCIM (SPEC P2), with a token of its own. Refused with <see cref="InvalidValue"/> of field
/// "name", <see cref="DirectoryNameTaken"/>, <see cref="TooManyDirectories"/> or
/// <see cref="DefaultPolicyNonBillable"/>.
/// </summary>
public sealed record CreateIdentityDirectory(OrganizationId Organization, AccountId By, string? Name, Origin Origin)
    : IRequest<Outcome<NewProvisioningToken>>
{
    /// <summary>The name stands before people as the owner of their details (own choice: short enough for a line).</summary>
    public const int MaxName = 60;

    /// <summary>More providers than a company has (own choice).</summary>
    public const int Most = 20;
}

/// <param name="Token">Shown once; only its hash is kept.</param>
public sealed record NewProvisioningToken(string Token, IdentityDirectoryView Directory)
{
    public override string ToString() => $"token of identity directory {Directory.Id}";
}

/// <param name="BaseUrl">What the provider is given; without a slash at its end.</param>
/// <param name="LastRequestAt">To the minute; null for never.</param>
public sealed record IdentityDirectoryView(IdentityDirectoryId Id, string Name, string BaseUrl, DateTimeOffset CreatedAt,
    DateTimeOffset TokenMadeAt, DateTimeOffset? LastRequestAt, long People)
{
    public IdentityRule Rule { get; init; }

    /// <summary>How many people wait for an admin's word (SPEC A16).</summary>
    public long Questions { get; init; }

    /// <summary>How many of the notes that its page shows are of rejected requests.</summary>
    public long Rejected { get; init; }
}

/// <summary>By name.</summary>
public sealed record ReadIdentityDirectories(OrganizationId Organization) : IRequest<IReadOnlyList<IdentityDirectoryView>>;

/// <summary>One directory and what was refused lately.</summary>
public sealed record ReadIdentityDirectory(OrganizationId Organization, IdentityDirectoryId Directory)
    : IRequest<Outcome<IdentityDirectoryDetail>>;

/// <param name="Notes">The newest hundred, of the last 30 days.</param>
public sealed record IdentityDirectoryDetail(IdentityDirectoryView Directory, IReadOnlyList<ProvisioningNote> Notes)
{
    /// <summary>Newest first.</summary>
    public IReadOnlyList<IdentityQuestion> Questions { get; init; } = [];
}

/// <summary>The people of a directory by user name; nobody in another organization's. Refused with <see cref="BrokenCursor"/>.</summary>
/// <param name="Cursor">As given by an earlier page.</param>
public sealed record ListProvisionedPeople(OrganizationId Organization, IdentityDirectoryId Directory, string? Cursor = null, int Size = 50)
    : IRequest<Outcome<ListPage<ProvisionedPerson>>>;

public sealed record ProvisionedPerson(AccountId Account, string Name, string UserName, AccountState State, DateTimeOffset ChangedAt);

/// <summary>A request that was refused, or carried out although there was something odd about it.</summary>
/// <param name="Path">Behind the base URL, with its query.</param>
/// <param name="Person">Null where it was about nobody, or nobody of this directory.</param>
public sealed record ProvisioningNote(DateTimeOffset At, string Method, string Path, int Status, string Reason, AccountId? Person,
    string? PersonName);

/// <summary>Another token; the one before stops at once.</summary>
public sealed record RenewProvisioningToken(OrganizationId Organization, IdentityDirectoryId Directory, Origin Origin)
    : IRequest<Outcome<NewProvisioningToken>>;

/// <summary>
/// The token stops at once; people and groups are given back in the background and stay as they are. Refused with
/// <see cref="DirectoryNameWrong"/> unless the name was typed.
/// </summary>
public sealed record RemoveIdentityDirectory(OrganizationId Organization, IdentityDirectoryId Directory, string? TypedName, Origin Origin)
    : IRequest<Outcome<Done>>;

/// <summary>Gives one account back: what the provider owned can be changed here again; it stays managed and as it is.</summary>
public sealed record UnlinkPerson(OrganizationId Organization, AccountId Account, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>The directory that owns the account; null for none.</summary>
public sealed record WhichDirectory(OrganizationId Organization, AccountId Account) : IRequest<DirectoryOfPerson?>;

public sealed record DirectoryOfPerson(IdentityDirectoryId Id, string Name, string UserName, DateTimeOffset ChangedAt);

/// <summary>The gate for identity providers (SPEC A9, P2): is this the directory's token now?</summary>
/// <param name="MayBeKnown">Whether a yes that is not known to be revoked will do: for requests that only look.</param>
public sealed record AuthenticateScimToken(Guid Directory, string Token, bool MayBeKnown = false) : IRequest<ProvisioningGrant?>;

/// <summary>What a token that was let in is for.</summary>
/// <param name="Name">Of the directory.</param>
public sealed record ProvisioningGrant(IdentityDirectoryId Directory, OrganizationId Organization, string Name)
{
    /// <summary>How the means of everything begin that an identity provider did.</summary>
    public const string Means = "scim";

    public Origin Origin(string? address, string? requestId) => new(null, $"{Means} {Directory}", address, requestId);
}

/// <summary>A request of a provider that was refused or odd.</summary>
/// <param name="Path">Behind the base URL, with its query.</param>
/// <param name="Reason">However long: each value that was passed over stands in the log.</param>
/// <param name="Person">As in the address; null for nobody.</param>
public sealed record OddRequest(string Method, string Path, int Status, string Reason, Guid? Person);

/// <summary>Writes down what was refused or odd; never fails the request that it is about.</summary>
public sealed record NoteProvisioning(IdentityDirectoryId Directory, params IReadOnlyList<OddRequest> All) : IRequest<Done>;

public sealed record DirectoryNameTaken()
    : Refusal("directoryNameTaken", "Another identity provider already has this name. Choose another name.");
public sealed record TooManyDirectories()
    : Refusal("tooManyDirectories", $"An organization has at most {CreateIdentityDirectory.Most} identity providers. Remove one first.");
public sealed record DefaultPolicyNonBillable()
    : Refusal("defaultPolicyNonBillable",
        "The default policy is non-billable, and a non-billable policy cannot contain provisioned people. "
        + "Make the default policy billable first.");
public sealed record DirectoryNameWrong() : Refusal("directoryNameWrong", "Type the name of the identity provider exactly as shown.");
public sealed record NotProvisioned() : Refusal("notProvisioned", "No identity provider manages this account.");
