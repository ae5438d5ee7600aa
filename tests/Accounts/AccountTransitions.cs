using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>Every command to an account in every state, without a database.</summary>
public sealed class AccountTransitions
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly OrganizationId Ours = new(Guid.CreateVersion7()), Theirs = new(Guid.CreateVersion7());
    static readonly AccountId Id = new(Guid.CreateVersion7());
    static readonly Guid Admin = Guid.CreateVersion7();
    static readonly EmailAddress Email = EmailAddress.Trusted("liam@acme.example"), Other = EmailAddress.Trusted("liam@globex.example");

    static Account In(AccountState state, OrganizationId? managedBy, bool onlyAdmin = false, bool excluded = false, bool due = false) =>
        new(
        Id, 7, state is AccountState.Deleted ? null : Email, state is AccountState.Deleted ? Account.FormerUser : "Liam Novak", state,
        state is not (AccountState.Unverified or AccountState.Deleted), managedBy, managedBy is null
            ? null
            : Now.AddDays(-3), Now.AddDays(-30),
        state is AccountState.PendingDeletion ? Now.AddDays(due ? -1 : 5) : null,
        state is AccountState.Deactivated ? "left" : null, state is AccountState.Deactivated ? "bye" : null,
        onlyAdmin ? [Ours] : [], onlyAdmin ? [Ours] : [], excluded ? [Ours] : []);

    static readonly Dictionary<string, Func<Account, Outcome<AccountFact>>> Commands = new()
    {
        ["verify"] = a => a.VerifyEmail(Email, null, Now),
        ["verify other"] = a => a.VerifyEmail(Other, null, Now),
        ["deactivate"] = a => a.Deactivate(Ours, Admin, "why", null, true, Now),
        ["deactivate self"] = a => a.Deactivate(Ours, Id.Value, null, null, true, Now),
        ["deactivate long"] = a => a.Deactivate(Ours, Admin, new('x', DeactivateAccount.MaxText + 1), null, true, Now),
        ["reactivate"] = a => a.Reactivate(Ours, Now),
        ["delete"] = a => a.ScheduleDeletion(Ours, Admin, Now),
        ["delete self"] = a => a.ScheduleDeletion(Ours, Id.Value, Now),
        ["delete own"] = a => a.ScheduleDeletion(null, Id.Value, Now),
        ["delete other's own"] = a => a.ScheduleDeletion(null, Admin, Now),
        ["cancel"] = a => a.CancelDeletion(Ours, Now),
        ["cancel own"] = a => a.CancelDeletion(null, Now),
        ["erase"] = a => a.Erase(Now),
        ["claim"] = a => a.Claim(Ours, Email.Domain, false, Now),
        ["claim named"] = a => a.Claim(Ours, Email.Domain, true, Now),
        ["claim elsewhere"] = a => a.Claim(Ours, "globex.example", false, Now),
        ["unclaim"] = a => a.Unclaim(Ours, true, Now),
        ["appoint"] = a => a.AppointAdmin(Ours, Now),
        ["dismiss"] = a => a.DismissAdmin(Ours, Now),
    };

    /// <summary>Columns: unverified, active, deactivated, pending deletion, deleted; a code is a refusal, a capital a fact.</summary>
    [Theory, Trait("Rule", "A1"), Trait("Rule", "A3"), Trait("Rule", "A4"), Trait("Rule", "A5"), Trait("Rule", "A6"), Trait("Rule", "A7"),
        Trait("Rule", "A8")]
    [InlineData("verify", "EmailAddressVerified emailAlreadyVerified emailAlreadyVerified emailAlreadyVerified deleted")]
    [InlineData("verify other", "emailChanged emailChanged emailChanged emailChanged deleted")]
    [InlineData("deactivate", "emailUnverified AccountDeactivated alreadyDeactivated beingDeleted deleted")]
    [InlineData("deactivate self", "yourself yourself yourself yourself yourself")]
    [InlineData("deactivate long", "emailUnverified textTooLong alreadyDeactivated beingDeleted deleted")]
    [InlineData("reactivate", "notDeactivated notDeactivated AccountReactivated beingDeleted deleted")]
    [InlineData("delete", "DeletionScheduled DeletionScheduled DeletionScheduled beingDeleted deleted")]
    [InlineData("delete self", "yourself yourself yourself yourself yourself")]
    [InlineData("delete own",
        "managedByOrganization managedByOrganization managedByOrganization managedByOrganization managedByOrganization")]
    [InlineData("delete other's own", "notFound notFound notFound notFound notFound")]
    [InlineData("cancel", "notBeingDeleted notBeingDeleted notBeingDeleted DeletionCancelled deleted")]
    [InlineData("cancel own",
        "managedByOrganization managedByOrganization managedByOrganization managedByOrganization managedByOrganization")]
    [InlineData("erase", "notBeingDeleted notBeingDeleted notBeingDeleted deletionNotDue deleted")]
    [InlineData("claim", "alreadyClaimed alreadyClaimed alreadyClaimed alreadyClaimed deleted")]
    [InlineData("claim elsewhere", "notOnDomain notOnDomain notOnDomain notOnDomain deleted")]
    [InlineData("unclaim", "AccountUnclaimed AccountUnclaimed AccountUnclaimed AccountUnclaimed deleted")]
    [InlineData("appoint", "emailUnverified OrganizationAdminAppointed OrganizationAdminAppointed OrganizationAdminAppointed deleted")]
    [InlineData("dismiss", "notAdmin notAdmin notAdmin notAdmin notAdmin")]
    public void A_managed_account_answers_each_command_by_its_state(string command, string answers) =>
        Expect(command, answers, state => In(state, Ours));

    [Theory, Trait("Rule", "A7"), Trait("Rule", "C3")]
    [InlineData("deactivate", "notManagedHere notManagedHere notManagedHere notManagedHere notManagedHere")]
    [InlineData("deactivate self", "notManagedHere notManagedHere notManagedHere notManagedHere notManagedHere")]
    [InlineData("reactivate", "notManagedHere notManagedHere notManagedHere notManagedHere notManagedHere")]
    [InlineData("delete", "notManagedHere notManagedHere notManagedHere notManagedHere notManagedHere")]
    [InlineData("cancel", "notManagedHere notManagedHere notManagedHere notManagedHere notManagedHere")]
    [InlineData("unclaim", "notManagedHere notManagedHere notManagedHere notManagedHere notManagedHere")]
    [InlineData("claim", "managedElsewhere managedElsewhere managedElsewhere managedElsewhere deleted")]
    [InlineData("claim named", "managedElsewhere managedElsewhere managedElsewhere managedElsewhere deleted")]
    [InlineData("claim elsewhere", "notOnDomain notOnDomain notOnDomain notOnDomain deleted")]
    [InlineData("delete own",
        "managedByOrganization managedByOrganization managedByOrganization managedByOrganization managedByOrganization")]
    public void An_account_that_another_organization_manages_is_out_of_reach(string command, string answers) =>
        Expect(command, answers, state => In(state, Theirs));

    [Theory, Trait("Rule", "A5"), Trait("Rule", "A7"), Trait("Rule", "C3")]
    [InlineData("deactivate", "notManagedHere notManagedHere notManagedHere notManagedHere notManagedHere")]
    [InlineData("claim", "AccountClaimed AccountClaimed AccountClaimed AccountClaimed deleted")]
    [InlineData("delete own", "DeletionScheduled DeletionScheduled DeletionScheduled beingDeleted deleted")]
    [InlineData("cancel own", "notBeingDeleted notBeingDeleted notBeingDeleted DeletionCancelled deleted")]
    [InlineData("delete", "notManagedHere notManagedHere notManagedHere notManagedHere notManagedHere")]
    public void An_unmanaged_account_is_its_persons_own(string command, string answers) =>
        Expect(command, answers, state => In(state, null));

    [Theory, Trait("Rule", "A8")]
    [InlineData("deactivate", "emailUnverified lastOrganizationAdmin alreadyDeactivated beingDeleted deleted")]
    [InlineData("deactivate long", "emailUnverified lastOrganizationAdmin alreadyDeactivated beingDeleted deleted")]
    [InlineData("delete", "lastOrganizationAdmin lastOrganizationAdmin lastOrganizationAdmin beingDeleted deleted")]
    [InlineData("dismiss", "lastOrganizationAdmin lastOrganizationAdmin lastOrganizationAdmin lastOrganizationAdmin lastOrganizationAdmin")]
    public void The_last_admin_stays(string command, string answers) => Expect(command, answers, state => In(state, Ours, onlyAdmin: true));

    [Theory, Trait("Rule", "C7")]
    [InlineData("claim", "excluded excluded excluded excluded deleted")]
    [InlineData("claim named", "AccountClaimed AccountClaimed AccountClaimed AccountClaimed deleted")]
    public void An_excluded_account_is_claimed_only_by_name(string command, string answers) =>
        Expect(command, answers, state => In(state, null, excluded: true));

    [Theory, Trait("Rule", "A5"), Trait("Rule", "A6")]
    [InlineData("cancel", "notBeingDeleted notBeingDeleted notBeingDeleted deletionIsDue deleted")]
    [InlineData("erase", "notBeingDeleted notBeingDeleted notBeingDeleted AccountErased deleted")]
    public void After_fourteen_days_deletion_cannot_be_cancelled_and_erases(string command, string answers) =>
        Expect(command, answers, state => In(state, Ours, due: true));

    static void Expect(string command, string answers, Func<AccountState, Account> account)
    {
        var states = Enum.GetValues<AccountState>();
        var got = states.Select(state => Commands[command](account(state)))
            .Select(o => o.Granted ? o.Value.GetType().Name : o.Refusal.Code);
        string.Join(' ', got).ShouldBe(answers);
    }

    [Fact, Trait("Rule", "A1")]
    public void No_command_throws_in_any_state_and_each_granted_fact_adds_one_to_the_version()
    {
        var asked = 0;
        foreach (var state in Enum.GetValues<AccountState>())
            foreach (var manager in (OrganizationId?[])[null, Ours, Theirs])
                foreach (var flags in Enumerable.Range(0, 8))
                    foreach (var (name, command) in Commands)
                    {
                        var account = In(state, manager, (flags & 1) > 0, (flags & 2) > 0, (flags & 4) > 0);
                        var outcome = command(account);
                        asked++;
                        if (!outcome.Granted)
                        {
                            outcome.Refusal.Sentence.ShouldEndWith(".", customMessage: name);
                            continue;
                        }
                        var after = Account.After(account, outcome.Value);
                        after.Version.ShouldBe(account.Version + 1);
                        after.Id.ShouldBe(account.Id);
                        after.CreatedAt.ShouldBe(account.CreatedAt);
                    }
        asked.ShouldBe(5 * 3 * 8 * Commands.Count);
    }

    [Fact, Trait("Rule", "A4")]
    public void Deactivate_and_reactivate_give_the_account_back()
    {
        var before = In(AccountState.Active, Ours);
        var away = Next(before, a => a.Deactivate(Ours, Admin, " gone ", " ", true, Now));
        (away.State, away.DeactivationReason, away.DeactivationMessage, away.MayAct)
            .ShouldBe((AccountState.Deactivated, "gone", null, false));
        Same(Next(away, a => a.Reactivate(Ours, Now)), before);
    }

    [Theory, Trait("Rule", "A5")]
    [InlineData(AccountState.Active)]
    [InlineData(AccountState.Unverified)]
    public void Delete_and_cancel_give_the_account_back(AccountState state)
    {
        var before = In(state, Ours);
        var away = Next(before, a => a.ScheduleDeletion(Ours, Admin, Now));
        (away.State, away.DeletionDueAt, away.MayAct).ShouldBe((AccountState.PendingDeletion, Now + Account.DeletionGrace, false));
        Same(Next(away, a => a.CancelDeletion(Ours, Now)), before);
    }

    [Fact, Trait("Rule", "A5")]
    public void A_deactivated_account_is_active_after_its_deletion_was_cancelled()
    {
        var away = Next(In(AccountState.Deactivated, Ours), a => a.ScheduleDeletion(Ours, Admin, Now));
        Same(Next(away, a => a.CancelDeletion(Ours, Now)), In(AccountState.Active, Ours));
    }

    [Fact, Trait("Rule", "A12"), Trait("Rule", "A5"), Trait("Rule", "D9")]
    public void A_person_cancels_no_deletion_that_an_organization_scheduled_also_when_nobody_manages_the_account_any_more()
    {
        var leaving = Next(In(AccountState.Deactivated, Ours), a => a.ScheduleDeletion(Ours, Admin, Now));
        var lost = Next(leaving, a => a.Unclaim(Ours, false, Now));
        lost.CancelDeletion(null, Now).Refusal.ShouldBeOfType<DeletionOfOrganization>();
        Next(Next(lost, a => a.Claim(Ours, Email.Domain, true, Now)), a => a.CancelDeletion(Ours, Now)).State.ShouldBe(AccountState.Active);
        Next(lost, a => a.CancelDeletion(null, Now, takenBack: true)).State.ShouldBe(AccountState.Active, "it was taken from somebody");
        var own = Next(In(AccountState.Active, null), a => a.ScheduleDeletion(null, Id.Value, Now));
        var claimedMeanwhile = Next(Next(own, a => a.Claim(Ours, Email.Domain, true, Now)), a => a.Unclaim(Ours, false, Now));
        Next(claimedMeanwhile, a => a.CancelDeletion(null, Now)).State.ShouldBe(AccountState.Active);
    }

    [Fact, Trait("Rule", "A6")]
    public void Erasing_leaves_nothing_personal()
    {
        var gone = Next(In(AccountState.PendingDeletion, Ours, onlyAdmin: true, excluded: true, due: true), a => a.Erase(Now));
        (gone.State, gone.Email, gone.Name, gone.ManagedBy, gone.ClaimedAt, gone.DeactivationReason, gone.DeletionDueAt)
            .ShouldBe((AccountState.Deleted, null, Account.FormerUser, null, null, null, null));
        gone.AdminOf.ShouldBeEmpty();
        gone.ExcludedBy.ShouldBeEmpty();
    }

    [Fact, Trait("Rule", "C7")]
    public void Unclaiming_excludes_once_and_claiming_by_name_ends_the_exclusion()
    {
        var left = Next(In(AccountState.Active, Ours, excluded: true), a => a.Unclaim(Ours, true, Now));
        left.ExcludedBy.ShouldBe([Ours]);
        Next(left, a => a.Claim(Ours, Email.Domain, true, Now)).ExcludedBy.ShouldBeEmpty();
        Next(In(AccountState.Active, Ours), a => a.Unclaim(Ours, false, Now)).ExcludedBy.ShouldBeEmpty();
    }

    [Theory, Trait("Rule", "C4")]
    [InlineData(true)]
    [InlineData(false)]
    public void The_first_fact_makes_version_one(bool verified)
    {
        var signedUp = new SignUpAccount(Id, Email, "Liam", verified, Ours, TestOrigin).Decide(null, Now).Value;
        var account = Account.After(null, signedUp);
        (account.Version, account.State, account.ManagedBy, account.ClaimedAt)
            .ShouldBe((1, verified ? AccountState.Active : AccountState.Unverified, Ours, Now));
        new SignUpAccount(Id, Email, "Liam", verified, Ours, TestOrigin).Decide(account, Now).Refusal.ShouldBe(new EmailTaken());
        Should.Throw<InvalidOperationException>(() => Account.After(null, new AccountErased(Id, Now)));
    }

    static readonly Origin TestOrigin = new(null, "test");

    /// <summary>Random lives: whatever is asked of an account, in whatever order, some things never are.</summary>
    [Fact, Trait("Rule", "A1"), Trait("Rule", "A8"), Trait("Rule", "C3")]
    public void No_sequence_of_commands_breaks_an_invariant()
    {
        var (random, granted) = (new Random(20260301), 0);
        for (var life = 0; life < 4_000; life++)
        {
            var now = Now;
            var account = Account.After(null,
                new AccountSignedUp(Id, now, Email.Value, "Liam", random.Next(2) == 0, random.Next(3) == 0 ? Ours : null));
            for (var step = 0; step < 30; step++)
            {
                now += TimeSpan.FromHours(random.Next(100));
                // Whether others can act is not the account's own knowledge: the store tells it anew in each turn.
                account = account with { OnlyAdminOf = account.State is AccountState.Active && random.Next(2) == 0 ? account.AdminOf : [] };
                OrganizationId by = random.Next(2) == 0 ? Ours : Theirs;
                var actor = random.Next(4) == 0 ? Id.Value : Admin;
                var outcome = random.Next(11) switch
                {
                    0 => account.VerifyEmail(random.Next(4) > 0 ? Email : Other, random.Next(2) == 0 ? by : null, now),
                    1 => account.Deactivate(by, actor, "r", "m", true, now),
                    2 => account.Reactivate(by, now),
                    3 => account.ScheduleDeletion(random.Next(3) == 0 ? null : by, actor, now),
                    4 => account.CancelDeletion(random.Next(3) == 0 ? null : by, now),
                    5 => account.Erase(now),
                    6 or 7 => account.Claim(by, random.Next(5) > 0 ? Email.Domain : Other.Domain, random.Next(2) == 0, now),
                    8 => account.Unclaim(by, random.Next(2) == 0, now),
                    9 => account.AppointAdmin(by, now),
                    _ => account.DismissAdmin(by, now),
                };
                if (!outcome.Granted) continue;
                granted++;
                var after = Account.After(account, outcome.Value);
                after.Version.ShouldBe(account.Version + 1);
                account.State.ShouldNotBe(AccountState.Deleted, "deleted is final");
                (after.Email is null).ShouldBe(after.State is AccountState.Deleted);
                (after.State is AccountState.Unverified or AccountState.Deleted && after.EmailVerified).ShouldBeFalse();
                (after.State is AccountState.Deactivated && !after.EmailVerified)
                    .ShouldBeFalse("an unverified account cannot be deactivated");
                (after.State is AccountState.Active && !after.EmailVerified).ShouldBeFalse();
                (after.ManagedBy is null).ShouldBe(after.ClaimedAt is null);
                (after.DeletionDueAt is null).ShouldBe(after.State is not AccountState.PendingDeletion);
                (after.DeletionBy is not null && after.State is not AccountState.PendingDeletion).ShouldBeFalse();
                if (account.ManagedBy is { } manager && after.ManagedBy != manager)
                    after.ManagedBy.ShouldBeNull("no account passes from one organization to another");
                if (account.OnlyAdminOf.Count > 0 && outcome.Value is AccountDeactivated or DeletionScheduled or OrganizationAdminDismissed)
                    (outcome.Value is OrganizationAdminDismissed d
                        ? account.OnlyAdminOf.Contains(d.Organization)
                        : account.OnlyAdminOf.Count > 0).ShouldBeFalse("the last admin stays");
                after.AdminOf.Distinct().Count().ShouldBe(after.AdminOf.Count);
                after.ExcludedBy.Distinct().Count().ShouldBe(after.ExcludedBy.Count);
                account = after;
            }
        }
        granted.ShouldBeGreaterThan(10_000);
    }

    static Account Next(Account account, Func<Account, Outcome<AccountFact>> command) => Account.After(account, command(account).Value);

    static void Same(Account after, Account before)
    {
        // Lists are compared by content; records compare them by reference.
        after.AdminOf.ShouldBe(before.AdminOf);
        after.ExcludedBy.ShouldBe(before.ExcludedBy);
        (after with
        {
            Version = before.Version,
            AdminOf = before.AdminOf,
            OnlyAdminOf = before.OnlyAdminOf,
            ExcludedBy = before.ExcludedBy
        }).ShouldBe(before);
    }
}
