using System.Text.Json.Serialization;

namespace DirectoryPlatform.Security;

/// <summary>How hard a password is to guess, as the strength meter and a policy's least strength mean it (SPEC S1, S5).</summary>
public enum PasswordStrength { Weak, Fair, Good, Strong, VeryStrong }

/// <summary>What an authentication policy asks of one account (SPEC S5).
/// Whoever has no policy, such as a person whom nobody manages, has <see cref="WithoutPolicy"/>.</summary>
/// <param name="Password">The least strength of a new password.</param>
/// <param name="PasswordExpiry">How long a password lasts; null for ever.</param>
/// <param name="PasswordReuse">How many of the last passwords may not come back; 0 for no limit.</param>
/// <param name="SessionIdle">From the last click, 15 minutes to 30 days; applies from the next sign-in (S6).</param>
/// <param name="SessionLife">From the sign-in, whatever is clicked.</param>
public sealed record PolicyRules(
    bool TwoStepMandatory, PasswordStrength Password, TimeSpan? PasswordExpiry, int PasswordReuse, TimeSpan SessionIdle,
    TimeSpan SessionLife, bool ApiTokens)
{
    /// <summary>Whether the organization's identity provider signs in, in place of the password and of our second step.</summary>
    public bool SingleSignOn { get; init; }

    public static readonly PolicyRules WithoutPolicy = new(false, PasswordStrength.Weak, null, 0, TimeSpan.FromDays(7),
        TimeSpan.FromDays(30), true);
}

/// <summary>What an admin types (SPEC S5).</summary>
/// <param name="Billable">Whether its people count for the bill; a non-billable policy asks for no second step, and has no single sign-on
/// and nobody whom an identity provider provisions.</param>
/// <param name="PasswordExpiryDays">1 to 3,650; null for never.</param>
/// <param name="PasswordReuse">0 to 24 passwords that may not come back.</param>
/// <param name="IdleMinutes">15 minutes to 30 days.</param>
/// <param name="LifeDays">1 to 365.</param>
public sealed record PolicyDraft(
    string? Name, bool Billable, bool TwoStepMandatory, PasswordStrength Password, int? PasswordExpiryDays, int PasswordReuse,
    int IdleMinutes, int LifeDays, bool ApiTokens)
{
    public const int MaxName = 100;

    /// <summary>Whether the organization's identity provider signs its people in; see <see cref="ReadIdentityProvider"/>.</summary>
    public bool SingleSignOn { get; init; }

    /// <summary>What the default policy asks until somebody changes it: what holds without any.</summary>
    public static readonly PolicyDraft Initial = new(
        "Default policy", true, PolicyRules.WithoutPolicy.TwoStepMandatory, PolicyRules.WithoutPolicy.Password, null,
        PolicyRules.WithoutPolicy.PasswordReuse,
        (int)PolicyRules.WithoutPolicy.SessionIdle.TotalMinutes, (int)PolicyRules.WithoutPolicy.SessionLife.TotalDays,
        PolicyRules.WithoutPolicy.ApiTokens);

    /// <summary>The first of its faults; null when it can be saved.</summary>
    [JsonIgnore]
    public Refusal? Refusal => Faults is [var first, ..] ? first : null;

    /// <summary>Everything that is wrong with what was typed, in the order of the fields: a form shows all of it at once.</summary>
    [JsonIgnore]
    public IReadOnlyList<Refusal> Faults
    {
        get
        {
            var faults = new List<Refusal>();
            var name = PlainText.Normalise(Name);
            if (name.Length == 0) faults.Add(new InvalidValue("name", "Enter a name."));
            else if (PlainText.Length(name) > MaxName) faults.Add(new InvalidValue("name", $"Enter at most {MaxName} characters."));
            else if (!PlainText.IsReadable(name)) faults.Add(new InvalidValue("name", "Enter the name without control characters."));
            if (!Enum.IsDefined(Password)) faults.Add(new InvalidValue("password", "Choose a password strength."));
            if (PasswordExpiryDays is < 1 or > 3_650)
                faults.Add(new InvalidValue("passwordExpiryDays", "Choose 1 to 3,650 days, or leave it empty for never."));
            if (PasswordReuse is < 0 or > 24) faults.Add(new InvalidValue("passwordReuse", "Choose 0 to 24 passwords."));
            if (IdleMinutes is < 15 or > 30 * 24 * 60) faults.Add(new InvalidValue("idleMinutes", "Choose 15 minutes to 30 days."));
            if (LifeDays is < 1 or > 365) faults.Add(new InvalidValue("lifeDays", "Choose 1 to 365 days."));
            if (this is { Billable: false, TwoStepMandatory: true }) faults.Add(new NonBillableTwoStep());
            if (this is { Billable: false, SingleSignOn: true }) faults.Add(new NonBillableSingleSignOn());
            return faults;
        }
    }

    /// <summary>The same as what is asked of one account. Not written: an audit entry would say everything twice.</summary>
    [JsonIgnore]
    public PolicyRules Rules => new(
        TwoStepMandatory, Password, PasswordExpiryDays is { } days
            ? TimeSpan.FromDays(days)
            : null, PasswordReuse, TimeSpan.FromMinutes(IdleMinutes), TimeSpan.FromDays(LifeDays), ApiTokens)
    { SingleSignOn = SingleSignOn };
}

/// <param name="Members">Accounts that were put into it; null for the default one, which has everybody else.</param>
public sealed record PolicyView(PolicyId Id, long Version, bool IsDefault, PolicyDraft Settings, long? Members);

/// <summary>The organization's policies, the default one first. There is always a default one.</summary>
public sealed record ReadPolicies(OrganizationId Organization) : IRequest<IReadOnlyList<PolicyView>>;

/// <summary>Their names alone, in the same order, for menus.</summary>
public sealed record ReadPolicyNames(OrganizationId Organization) : IRequest<IReadOnlyList<PolicyName>>;

public sealed record PolicyName(PolicyId Id, string Name);

/// <summary>Refuses with <see cref="NotFound"/> for an unknown or foreign policy.</summary>
public sealed record ReadPolicy(OrganizationId Organization, PolicyId Policy) : IRequest<Outcome<PolicyView>>;

public sealed record CreatePolicy(OrganizationId Organization, PolicyDraft Settings, Origin Origin) : IRequest<Outcome<PolicyId>>;

/// <summary>
/// What concerns signing in holds from the next sign-in on (SPEC S6); API tokens at once. Refuses with <see cref="NonBillableProvisioned"/>
/// to make the default policy non-billable while anybody is provisioned, and another one while somebody who was put into it is.
/// </summary>
/// <param name="Seen">The version that the admin has looked at; another one is refused with <see cref="PolicyStale"/>.</param>
public sealed record ChangePolicy(OrganizationId Organization, PolicyId Policy, long Seen, PolicyDraft Settings, Origin Origin)
    : IRequest<Outcome<Done>>;

/// <summary>Its members come under the default policy.</summary>
public sealed record DeletePolicy(OrganizationId Organization, PolicyId Policy, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Puts managed accounts under a policy, all of them or none; who is there already stays without a word.</summary>
/// <returns>How many were moved. Refuses with <see cref="NotFound"/> when the policy or one of the accounts is none of this organization's,
/// with <see cref="NonBillableProvisioned"/> when one of them may not come under it.</returns>
public sealed record MoveToPolicy(OrganizationId Organization, PolicyId Policy, IReadOnlyCollection<AccountId> Accounts, Origin Origin)
    : IRequest<Outcome<int>>;

/// <summary>The same by address: those of the organization's managed accounts are moved,
/// every other line is told with its reason.</summary>
/// <param name="Typed">Addresses with spaces, commas, semicolons or line breaks between; beside or instead of the file.</param>
/// <param name="File">One-column CSV, 10,000 rows and 5 MB at most.</param>
public sealed record MoveToPolicyByEmail(OrganizationId Organization, PolicyId Policy, string? Typed, Stream? File, Origin Origin)
    : IRequest<Outcome<MovedToPolicy>>;

/// <param name="Already">Were under this policy before.</param>
/// <param name="Provisioned">Stay where they are, because the policy is non-billable and an identity provider provisions them.</param>
public sealed record MovedToPolicy(int Accounts, int Already, int Provisioned, IReadOnlyList<BadLine> Left);

/// <summary>Under which policy an account is; null when this organization does not manage it.</summary>
public sealed record ReadPolicyOf(OrganizationId Organization, AccountId Account) : IRequest<PolicyView?>;

public sealed record NonBillableTwoStep()
    : Refusal("nonBillableTwoStep",
        "A non-billable policy cannot make two-step verification mandatory. "
            + "Make the policy billable, or make two-step verification optional.");
public sealed record NonBillableProvisioned()
    : Refusal("nonBillableProvisioned",
        "A non-billable policy cannot contain provisioned people. Make the policy billable, or choose another one for them.");
public sealed record PolicyNameTaken() : Refusal("policyNameTaken", "Another policy already has this name.");
public sealed record PolicyStale()
    : Refusal("policyStale", "Someone else changed this policy since you opened it. Review the current settings, then save again.");
public sealed record DefaultPolicyStays()
    : Refusal("defaultPolicyStays", "The default policy cannot be deleted because people who are in no other policy are in it.");
