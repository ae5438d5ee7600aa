using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>Every change of a profile in every state, without a database.</summary>
public sealed class ProfileTransitions
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly OrganizationId Ours = new(Guid.CreateVersion7()), Theirs = new(Guid.CreateVersion7());
    static readonly AccountId Id = new(Guid.CreateVersion7());
    static readonly Guid Admin = Guid.CreateVersion7();
    static readonly EmailAddress Email = EmailAddress.Trusted("liam@acme.example"), New = EmailAddress.Trusted("liam@acme.test");

    static Account In(AccountState state, OrganizationId? managedBy, params string[] provisioned) => new(
        Id, 7, state is AccountState.Deleted ? null : Email, state is AccountState.Deleted ? Account.FormerUser : "Liam Novak", state,
        state is not (AccountState.Unverified or AccountState.Deleted), managedBy, managedBy is null
            ? null
            : Now.AddDays(-3), Now.AddDays(-30),
        state is AccountState.PendingDeletion ? Now.AddDays(5) : null, null, null, [], [], [])
    {
        Profile = AccountProfile.None.With(AccountDetail.JobTitle, "Engineer") with
        {
            Picture = Guid.CreateVersion7(),
            ProvisionedBy = provisioned.Length == 0 ? null : "Okta",
            ProvisionedFields = provisioned
        },
    };

    static readonly Dictionary<string, Func<Account, Outcome<AccountFact>>> Commands = new()
    {
        ["detail"] = a => a.ChangeDetail(Ours, Admin, AccountDetail.JobTitle, "Engineer", "Lead", Now),
        ["detail, stale"] = a => a.ChangeDetail(Ours, Admin, AccountDetail.JobTitle, "Clerk", "Lead", Now),
        ["detail, invalid and stale"] = a => a.ChangeDetail(Ours, Admin, AccountDetail.JobTitle, "Clerk", "Le\0ad", Now),
        ["detail, as it is"] = a => a.ChangeDetail(Ours, Admin, AccountDetail.JobTitle, "Clerk", " Engineer ", Now),
        ["own detail"] = a => a.ChangeDetail(null, Id.Value, AccountDetail.JobTitle, "Engineer", "Lead", Now),
        ["somebody's own detail"] = a => a.ChangeDetail(null, Admin, AccountDetail.JobTitle, "Engineer", "Lead", Now),
        ["picture"] = a => a.ChangePicture(Ours, Admin, Guid.CreateVersion7(), Now),
        ["own picture"] = a => a.ChangePicture(null, Id.Value, null, Now),
        ["email"] = a => a.ChangeEmail(Ours, Admin, Email, New, null, Now),
        ["email, stale"] = a => a.ChangeEmail(Ours, Admin, New, EmailAddress.Trusted("third@acme.example"), null, Now),
        ["email, as it is"] = a => a.ChangeEmail(Ours, Admin, New, Email, null, Now),
        ["own email"] = a => a.ChangeEmail(null, Id.Value, Email, New, null, Now),
        ["somebody's own email"] = a => a.ChangeEmail(null, Admin, Email, New, null, Now),
    };

    /// <summary>Columns: unverified, active, deactivated, pending deletion, deleted; a code is a refusal, a capital a fact.</summary>
    [Theory, Trait("Rule", "M3"), Trait("Rule", "M4"), Trait("Rule", "M5"), Trait("Rule", "A2")]
    [InlineData("detail", "emailUnverified DetailChanged DetailChanged beingDeleted deleted")]
    [InlineData("detail, stale", "emailUnverified detailStale detailStale beingDeleted deleted")]
    [InlineData("detail, invalid and stale", "emailUnverified invalidValue invalidValue beingDeleted deleted")]
    [InlineData("detail, as it is", "emailUnverified detailUnchanged detailUnchanged beingDeleted deleted")]
    [InlineData("own detail", "emailUnverified DetailChanged accountNotActive beingDeleted deleted")]
    [InlineData("somebody's own detail", "notFound notFound notFound notFound notFound")]
    [InlineData("picture", "emailUnverified PictureChanged PictureChanged beingDeleted deleted")]
    [InlineData("own picture", "emailUnverified PictureChanged accountNotActive beingDeleted deleted")]
    [InlineData("email", "emailUnverified EmailAddressChanged EmailAddressChanged beingDeleted deleted")]
    [InlineData("email, stale", "emailUnverified emailStale emailStale beingDeleted deleted")]
    [InlineData("email, as it is", "emailUnverified emailUnchanged emailUnchanged beingDeleted deleted")]
    [InlineData("own email",
        "managedByOrganization managedByOrganization managedByOrganization managedByOrganization managedByOrganization")]
    [InlineData("somebody's own email", "notFound notFound notFound notFound notFound")]
    public void A_managed_account_answers_by_its_state(string command, string answers) =>
        Expect(command, answers, state => In(state, Ours));

    [Theory, Trait("Rule", "A7"), Trait("Rule", "A12")]
    [InlineData("detail", "notManagedHere notManagedHere notManagedHere notManagedHere notManagedHere")]
    [InlineData("picture", "notManagedHere notManagedHere notManagedHere notManagedHere notManagedHere")]
    [InlineData("email", "notManagedHere notManagedHere notManagedHere notManagedHere notManagedHere")]
    [InlineData("own detail", "emailUnverified DetailChanged accountNotActive beingDeleted deleted")]
    [InlineData("own picture", "emailUnverified PictureChanged accountNotActive beingDeleted deleted")]
    [InlineData("own email", "emailUnverified EmailAddressChanged accountNotActive beingDeleted deleted")]
    public void An_unmanaged_account_is_its_persons_own(string command, string answers) =>
        Expect(command, answers, state => In(state, null));

    [Theory, Trait("Rule", "A7")]
    [InlineData("detail"), InlineData("picture"), InlineData("email")]
    public void An_account_that_another_organization_manages_is_out_of_reach(string command) =>
        Commands[command](In(AccountState.Active, Theirs)).Refusal.ShouldBe(new NotManagedHere());

    [Theory, Trait("Rule", "A11")]
    [InlineData("detail", "jobTitle"), InlineData("own detail", "jobTitle"), InlineData("detail, invalid and stale", "jobTitle"),
        InlineData("picture", "picture"), InlineData("email", "email")]
    public void What_the_identity_provider_owns_is_refused_with_its_name(string command, string field)
    {
        Commands[command](In(AccountState.Active, Ours, field)).Refusal.ShouldBe(new OwnedByProvider("Okta"));
        (Commands[command](In(AccountState.Active, Ours, "department")).Refusal is OwnedByProvider).ShouldBeFalse("it owns another field");
        Commands[command](In(AccountState.PendingDeletion, Ours, field)).Refusal.ShouldBe(new BeingDeleted(), "the state is told first");
    }

    [Theory, Trait("Rule", "M3")]
    [InlineData(AccountDetail.Name, " Liam  O'Neil ", "Liam O'Neil")]
    [InlineData(AccountDetail.PublicName, "", null)]
    [InlineData(AccountDetail.PublicName, "   ", null)]
    [InlineData(AccountDetail.Department, "Büro 東京 👩‍🔬", "Büro 東京 👩‍🔬")]
    [InlineData(AccountDetail.JobTitle, "a\tb\u0085c\u2028d\r\n", "a b c d")]
    [InlineData(AccountDetail.Name, "Ame\u0301lie\u200B \u00A0 Noe\u0308l", "Am\u00E9lie No\u00EBl")]
    [InlineData(AccountDetail.Phone, "+49 (30) 123-45.67 ext. 8", "+49 (30) 123-45.67 ext. 8")]
    [InlineData(AccountDetail.TimeZone, "europe/berlin", "Europe/Berlin")]
    [InlineData(AccountDetail.TimeZone, "UTC", "UTC")]
    [InlineData(AccountDetail.Language, "ZH-hant-tw", "zh-Hant-TW")]
    [InlineData(AccountDetail.Language, "de-1996", "de-1996")]
    [InlineData(AccountDetail.Language, "en-US-u-ca-gregory", "en-US-u-ca-gregory")]
    public void A_value_is_kept_in_its_one_spelling(AccountDetail detail, string typed, string? kept)
    {
        var before = In(AccountState.Active, Ours) with { Profile = AccountProfile.None.With(AccountDetail.PublicName, "Old") };
        var fact = before.ChangeDetail(Ours, Admin, detail, before[detail], typed, Now).Value.ShouldBeOfType<DetailChanged>();
        (fact.Detail, fact.Value, fact.By).ShouldBe((detail, kept, Ours));
        Account.After(before, fact)[detail].ShouldBe(kept);
    }

    [Theory, Trait("Rule", "M3")]
    [InlineData(AccountDetail.Name, ""), InlineData(AccountDetail.Name, "  "), InlineData(AccountDetail.JobTitle, "a\0b"),
        InlineData(AccountDetail.Name, "\u200B\u2800\u3164")]
    [InlineData(AccountDetail.JobTitle, "a\u0007b"), InlineData(AccountDetail.Name, "a\u202Eb"), InlineData(AccountDetail.Name, "a\u2066b")]
    [InlineData(AccountDetail.Phone, "call me"), InlineData(AccountDetail.Phone, "+-()"), InlineData(AccountDetail.Phone, "12"),
        InlineData(AccountDetail.Phone, "+49;<script>")]
    [InlineData(AccountDetail.TimeZone, "Berlin"), InlineData(AccountDetail.TimeZone, "Europe/Nowhere"),
        InlineData(AccountDetail.TimeZone, "../../etc/passwd"), InlineData(AccountDetail.TimeZone, "/etc/passwd"),
        InlineData(AccountDetail.TimeZone, "Europe")]
    [InlineData(AccountDetail.Language, "english language"), InlineData(AccountDetail.Language, "e"),
        InlineData(AccountDetail.Language, "en_US"), InlineData(AccountDetail.Language, "en-"), InlineData(AccountDetail.Language, "12")]
    public void A_value_that_does_not_fit_is_refused(AccountDetail detail, string typed)
    {
        var account = In(AccountState.Active, Ours);
        account.ChangeDetail(Ours, Admin, detail, account[detail], typed, Now).Refusal.ShouldBeOfType<InvalidValue>().Field
            .ShouldBe("value");
    }

    [Fact, Trait("Rule", "M3")]
    public void Half_a_character_is_refused()
    {
        foreach (var half in (string[])["\ud800", "a\udc00b", "\udc00\ud800"])
            In(AccountState.Active, Ours)
                .ChangeDetail(Ours, Admin, AccountDetail.Location, null, half, Now).Refusal.ShouldBeOfType<InvalidValue>();
    }

    [Fact, Trait("Rule", "M3")]
    public void Each_detail_ends_at_its_own_length()
    {
        var account = In(AccountState.Active, Ours);
        foreach (var (detail, longest) in ((AccountDetail, int)[])[
            (AccountDetail.Name, 100), (AccountDetail.PublicName, 30), (AccountDetail.JobTitle, 100), (AccountDetail.Location, 100)])
        {
            account.ChangeDetail(Ours, Admin, detail, account[detail], new('x', longest), Now).Granted.ShouldBeTrue($"{detail}");
            account.ChangeDetail(Ours, Admin, detail, account[detail], new('x', longest + 1),
                Now).Refusal.ShouldBeOfType<InvalidValue>($"{detail}");
        }
        foreach (var detail in Enum.GetValues<AccountDetail>())
            account.ChangeDetail(Ours, Admin, detail, account[detail], new('1', 1_000),
                Now).Refusal.ShouldBeOfType<InvalidValue>($"{detail}");
    }

    [Fact, Trait("Rule", "M4"), Trait("Rule", "C4")]
    public void A_new_address_counts_as_verified_and_is_claimed_only_when_free_and_not_excluded()
    {
        var managed = Account.After(In(AccountState.Active, Ours), Commands["email"](In(AccountState.Active, Ours)).Value);
        (managed.Email, managed.EmailVerified, managed.ManagedBy, managed.State).ShouldBe((New, true, Ours, AccountState.Active));
        var free = In(AccountState.Active, null);
        var claimed = Account.After(free, free.ChangeEmail(null, Id.Value, Email, New, Theirs, Now).Value);
        (claimed.ManagedBy, claimed.ClaimedAt).ShouldBe((Theirs, Now));
        var excluded = free with { ExcludedBy = [Theirs] };
        Account.After(excluded, excluded.ChangeEmail(null, Id.Value, Email, New, Theirs, Now).Value).ManagedBy.ShouldBeNull();
        Account.After(In(AccountState.Active, Ours), In(AccountState.Active, Ours)
            .ChangeEmail(Ours, Admin, Email, New, Theirs, Now).Value).ManagedBy.ShouldBe(Ours);
    }

    [Fact, Trait("Rule", "A6")]
    public void Erasing_leaves_no_profile()
    {
        var account = In(AccountState.PendingDeletion, Ours) with { DeletionDueAt = Now };
        Account.After(account, account.Erase(Now).Value).Profile.ShouldBe(AccountProfile.None);
    }

    static void Expect(string command, string answers, Func<AccountState, Account> account)
    {
        var got = Enum.GetValues<AccountState>().Select(state => Commands[command](account(state)))
            .Select(o => o.Granted ? o.Value.GetType().Name : o.Refusal.Code);
        string.Join(' ', got).ShouldBe(answers);
    }
}
