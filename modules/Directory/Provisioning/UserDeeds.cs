using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Directory.Provisioning.Protocol;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Directory.Provisioning;

/// <summary>
/// What a provider's word does to an account, through the accounts' own commands, so that their rules, audit entries, facts and letters hold. Each step asks what is so already and does the rest:
/// a process may be killed between any two, and the same request again ends where it would have. What can be refused comes before what cannot.
/// </summary>
sealed class UserDeeds(IMediator mediator, IGrains<Account, AccountFact> grains, NpgsqlDataSource database)
{
    /// <summary>The account behind the address: found, or made. Ownership comes from the verified domain and never from the provider's word (SPEC P2).</summary>
    public async Task<Outcome<AccountId>> Settle(ProvisioningGrant by, ProvidedUser user, Origin origin)
    {
        if (await ForeignDomain(by, user.Email) is { } foreign) return foreign;
        if (!(await mediator.Send(new ReadPolicyAssignment(by.Organization))).Default.Settings.Billable) return Fault(new DefaultPolicyNonBillable());
        if (await mediator.Send(new FindAccount(user.Email)) is not { } found)
        {
            var id = new AccountId(Guid.CreateVersion7());
            var made = await mediator.Send(new SignUpAccount(id, user.Email, Spelled(user), Verified: true, by.Organization, origin));
            if (made.Granted) return id;
            // Somebody signed up with the address in this moment.
            if (await mediator.Send(new FindAccount(user.Email)) is not { } meanwhile) return Fault(made.Refusal);
            found = meanwhile;
        }
        if (found.ManagedBy is { } manager && manager != by.Organization) return Fault(new ManagedElsewhere());
        if (found.State is AccountState.PendingDeletion) return Fault(new BeingDeleted());
        if (found.State is AccountState.Deactivated && user.Active && !await ProviderPutOut(found.Id, by.Organization)) return Fault(new DeactivatedByAdmin());
        if (found.ManagedBy is null)
        {
            var claimed = await mediator.Send(new ClaimAccount(found.Id, by.Organization, user.Email.Domain, EvenIfExcluded: false, origin));
            if (!claimed.Granted && claimed.Refusal is not AlreadyClaimed) return Fault(claimed.Refusal);
            // The domain may have been lost between the question and the claim, and the unclaiming that follows the loss may have passed already.
            if (await ForeignDomain(by, user.Email) is { } lost)
            {
                await mediator.Send(new UnclaimAccount(found.Id, by.Organization, Exclude: false, origin));
                return lost;
            }
        }
        if (found.State is not AccountState.Unverified) return found.Id;
        // Whoever began the account without showing that the address is theirs may be somebody else, waiting for its owner.
        await mediator.Send(new VoidCredentials(found.Id, by.Organization, origin));
        var verified = await mediator.Send(new VerifyEmailAddress(found.Id, user.Email, origin));
        return verified.Granted || verified.Refusal is EmailAlreadyVerified ? found.Id : Fault(verified.Refusal);
    }

    /// <param name="before">What the provider said until now; null for a new person.</param>
    public async Task<ScimFault?> Apply(ProvisioningGrant by, AccountId account, ProvidedUser? before, ProvidedUser user, Origin origin)
    {
        var read = await mediator.Send(new ReadProfile(account, by.Organization, default));
        if (!read.Granted) return ScimFault.NotFound("user");
        var profile = read.Value;
        var moves = profile.Email != user.Email.Value;
        if (moves && await ForeignDomain(by, user.Email) is { } foreign) return foreign;
        if (moves && await mediator.Send(new FindAccount(user.Email)) is not null) return Fault(new EmailTaken());
        if (await Switch(by, account, profile.State, before, user, origin) is { } refusal) return refusal;
        if (moves && (await mediator.Send(new ProvideEmail(account, by.Organization, user.Email, origin))).Refusal is { } moved and not EmailUnchanged) return Fault(moved);
        var wanted = Enum.GetValues<AccountDetail>().Where(d => user.Details.ContainsKey(d) || before?.Details.ContainsKey(d) == true)
            .Where(d => ProvidedAccounts.Spelled(d, user.Details.GetValueOrDefault(d)) != profile[d].Value);
        List<AccountCommand> commands = [.. wanted.Select(d => new ProvideDetail(account, by.Organization, d, user.Details.GetValueOrDefault(d), origin))];
        if (commands.Count > 0 || profile.ProvisionedBy != by.Name || before is null || !before.Owned.SequenceEqual(user.Owned)) commands.Add(new GiveToProvider(account, by.Organization, by.Name, user.Owned, origin));
        var done = await grains.TurnMany(commands);
        return done.Select(d => d.Refusal).FirstOrDefault(r => r is not null and not DetailUnchanged and not ProvidedAlready) is { } why ? Fault(why) : null;
    }

    /// <summary>On or off, where the provider says so anew: an admin's deactivation in between is not undone by a provider that repeats what it always said.</summary>
    async Task<ScimFault?> Switch(ProvisioningGrant by, AccountId account, AccountState state, ProvidedUser? before, ProvidedUser user, Origin origin)
    {
        if (!user.Active && state is AccountState.Active)
            return (await mediator.Send(new DeactivateAccount(account, by.Organization, null, null, Notify: true, origin))).Refusal is { } off and not AlreadyDeactivated ? Fault(off) : null;
        if (!user.Active || before is { Active: true } || state is not AccountState.Deactivated) return null;
        if (!await ProviderPutOut(account, by.Organization)) return Fault(new DeactivatedByAdmin());
        return (await mediator.Send(new ReactivateAccount(account, by.Organization, origin))).Refusal is { } on and not NotDeactivated ? Fault(on) : null;
    }

    /// <summary>RFC 7644, 3.6 and SPEC P2: the person goes, the account stays, deactivated and unlinked.</summary>
    public async Task<ScimFault?> PutOut(ProvisioningGrant by, AccountId account, Origin origin)
    {
        var off = await mediator.Send(new DeactivateAccount(account, by.Organization, null, null, Notify: true, origin));
        if (off.Refusal is LastOrganizationAdmin last) return Fault(last);
        await mediator.Send(new ReleaseFromProvider(account, origin));
        return null;
    }

    /// <summary>Whether the last deactivation was a provider's doing: the log says so, also of people who were unlinked since.</summary>
    async Task<bool> ProviderPutOut(AccountId account, OrganizationId organization)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>("""
            select coalesce((select organization_id = @organization and means like @means from kernel.audit_entry where subject_id = @account and action = 'AccountDeactivated' order by at desc, id desc limit 1), false)
            """, new { account = account.Value, organization = organization.Value, means = $"{ProvisioningGrant.Means} %" });
    }

    async Task<ScimFault?> ForeignDomain(ProvisioningGrant by, EmailAddress email) =>
        (await mediator.Send(new WhoOwnsDomain(email.Domain)))?.Organization == by.Organization ? null : new ScimFault(403, null, $"The organization has not verified {email.Domain}. Verify the domain first, or give the person an address on a verified one.");

    static string Spelled(ProvidedUser user) => ProvidedAccounts.Spelled(AccountDetail.Name, user.Details.GetValueOrDefault(AccountDetail.Name)) ?? user.UserName;

    /// <summary>Whatever the accounts refuse, in the protocol's words.</summary>
    static ScimFault Fault(Refusal refusal) => refusal switch
    {
        ScimFault fault => fault,
        EmailTaken or ManagedElsewhere => ScimFault.Uniqueness(refusal.Sentence),
        NotFound or NotManagedHere or AccountIsDeleted => ScimFault.NotFound("user"),
        InvalidValue => ScimFault.Value(refusal.Sentence),
        ChangedMeanwhile or BeingDeleted => new(409, null, refusal.Sentence),
        _ => new(403, null, refusal.Sentence),
    };

    sealed record DeactivatedByAdmin() : Refusal("deactivatedByAdmin", "An admin deactivated this account. It has to be reactivated there, not by the identity provider.");
}
