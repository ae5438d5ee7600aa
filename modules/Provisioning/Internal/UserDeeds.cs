namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>
/// What a provider's word does to an account, through the accounts' own commands, so that their rules, audit entries, facts and letters
/// hold. Each step asks what is so already and does the rest: a process may be killed between any two, and the same request again ends
/// where it would have. Switching off comes first; then what can be refused, before what cannot.
/// </summary>
sealed class UserDeeds(IMediator mediator, IGrains<Account, AccountFact> grains, NpgsqlDataSource database)
{
    /// <param name="Whole">Whether it was made with all that is said of it; to any other that is still to be done.</param>
    internal readonly record struct Settled(AccountId Account, bool Whole);

    /// <summary>The address for a person who has none here yet: the best that is one and stands on a domain of the organization.</summary>
    public async Task<Outcome<EmailAddress>> AddressFor(ProvisioningGrant by, ProvidedUser user, Oddities odd)
    {
        ScimFault? first = null;
        var why = "";
        foreach (var said in user.Addresses)
        {
            if (said.Email is not { } email)
            {
                if (why.Length == 0) why = $"{said.Attribute}: {said.Why}";
                continue;
            }
            if (await ForeignDomain(by, email) is { } foreign)
            {
                first ??= foreign;
                if (why.Length == 0) why = $"{said.Attribute}: {foreign.Detail}";
                continue;
            }
            if (why.Length > 0) odd.Note($"{why} {email} is used as the address.");
            return email;
        }
        return first ?? ScimFault.Value($"{why} The primary address is used first, then the work address, then the others, then userName.");
    }

    /// <summary>The account behind the address: found, or made. Ownership comes from the verified
    /// domain and never from the provider's word (SPEC P2).</summary>
    /// <param name="found">Who has the address; null for nobody.</param>
    /// <param name="fresh">The id of a new account.</param>
    /// <param name="wish">What the request says of <c>active</c>; null for nothing.</param>
    /// <param name="billable">Whether the organization's default policy is, under which whom a provider provisions may come.</param>
    public async Task<Outcome<Settled>> Settle(ProvisioningGrant by, ProvidedUser user, EmailAddress email, AccountView? found,
        AccountId fresh, bool? wish, bool billable, Oddities odd, Origin origin)
    {
        if (wish is false && found is { ManagedBy: { } managing, State: not AccountState.Unverified } && managing == by.Organization
            && await SwitchOff(by, found.Id, origin) is { } stays) return stays;
        if (!billable) return Fault(new DefaultPolicyNonBillable());
        if (found is null)
        {
            var made = await Make(by, user, email, fresh, odd, origin);
            if (made.Granted) return new Settled(made.Value, Whole: true);
            // Somebody signed up with the address in this moment, or it is there, and something that was said of it was refused.
            if (await mediator.Send(new FindAccount(email)) is not { } meanwhile) return made.Refusal;
            found = meanwhile;
        }
        if (found.ManagedBy is { } manager && manager != by.Organization) return Fault(new ManagedElsewhere());
        if (found.State is AccountState.PendingDeletion) return Fault(new BeingDeleted());
        if (found.State is AccountState.Deactivated && wish is true && !await ProviderPutOut(found.Id, by.Organization))
            return Fault(new DeactivatedByAdmin());
        if (found.ManagedBy is null)
        {
            var claimed = await mediator.Send(new ClaimAccount(found.Id, by.Organization, email.Domain, EvenIfExcluded: false, origin));
            if (!claimed.Granted && claimed.Refusal is not AlreadyClaimed) return Fault(claimed.Refusal);
            // The domain may have been lost between the question and the claim,
            // and the unclaiming that follows the loss may have passed already.
            if (await ForeignDomain(by, email) is { } lost)
            {
                await mediator.Send(new UnclaimAccount(found.Id, by.Organization, Exclude: false, origin));
                return lost;
            }
        }
        var there = new Settled(found.Id, Whole: false);
        if (found.State is not AccountState.Unverified) return there;
        // Whoever began the account without showing that the address is theirs may be somebody else, waiting for its owner.
        var voided = await mediator.Send(new VoidCredentials(found.Id, by.Organization, origin));
        if (!voided.Granted) return Fault(voided.Refusal);
        var verified = await mediator.Send(new VerifyEmailAddress(found.Id, email, origin));
        return verified.Granted || verified.Refusal is EmailAlreadyVerified ? there : Fault(verified.Refusal);
    }

    /// <summary>With all that is said of it, in one turn: half of a new account is never seen. Refused where any of it is.</summary>
    async Task<Outcome<AccountId>> Make(ProvisioningGrant by, ProvidedUser user, EmailAddress email, AccountId fresh, Oddities odd,
        Origin origin)
    {
        var done = await grains.TurnMany([
            new SignUpAccount(fresh, email, Spelled(user), Verified: true, by.Organization, origin),
            .. user.Details.Where(d => d.Key is not AccountDetail.Name)
                .Select(d => new ProvideDetail(fresh, by.Organization, d.Key, d.Value, origin)),
            new GiveToProvider(fresh, by.Organization, by.Name, user.Owned, origin)]);
        foreach (var sentence in user.Odd) odd.Note(sentence);
        return done.Select(d => d.Refusal).FirstOrDefault(IsAgainst) is { } why ? Fault(why) : fresh;
    }

    /// <summary>What is so already is no refusal.</summary>
    static bool IsAgainst(Refusal? refusal) => refusal is not null and not DetailUnchanged and not ProvidedAlready;

    /// <summary>Off, whatever else the request holds. Refused only where nobody may (SPEC A8);
    /// who is off already, or being deleted, is off.</summary>
    public async Task<ScimFault?> SwitchOff(ProvisioningGrant by, AccountId account, Origin origin) =>
        (await mediator.Send(new DeactivateAccount(account, by.Organization, null, null, Notify: true, origin))).Refusal is
    {
    } refusal and not (AlreadyDeactivated or BeingDeleted or AccountIsDeleted) ? Fault(refusal) : null;

    /// <summary>What <see cref="Apply"/> holds a resource against.</summary>
    public static Looked<ProvidedProfile?> ProfileOf(AccountId account) =>
        new(() => [ProvidedProfile.Statement(account)], ProvidedProfile.Read);

    /// <param name="profile">As this request has read it, behind its lease; null for an unknown account.</param>
    /// <param name="before">What the provider said until now; null for a new person.</param>
    /// <param name="wish">What the request says of <c>active</c>; off is done already.</param>
    /// <param name="said">What the provider had said of it before.</param>
    /// <param name="odd">Gets what is passed over.</param>
    /// <returns>The attributes whose change has an entry of its own in the audit log.</returns>
    public async Task<Outcome<IReadOnlyList<string>>> Apply(ProvisioningGrant by, AccountId account, ProvidedProfile? profile,
        ProvidedUser? before, ProvidedUser user, bool? wish, bool said, Oddities odd, Origin origin)
    {
        if (profile is null || profile.ManagedBy != by.Organization) return ScimFault.NotFound("user");
        var told = new List<string>();
        foreach (var sentence in user.Odd.Except(before?.Odd ?? [])) odd.Note(sentence);
        var move = before is null ? null : await Moves(by, before, user, profile, odd);
        if (move is { } to && await mediator.Send(new FindAccount(to)) is not null) return Fault(new EmailTaken());
        if (wish is true && profile.State is AccountState.Deactivated)
        {
            var on = await SwitchOn(by, account, before is not null && said, odd, origin);
            if (!on.Granted) return on.Refusal;
            if (on.Value) told.Add("active");
        }
        if (move is { } email)
            switch ((await mediator.Send(new ProvideEmail(account, by.Organization, email, origin))).Refusal)
            {
                case null: told.Add("emails"); break;
                case EmailUnchanged: break;
                case (EmailTaken or NotFound or NotManagedHere or AccountIsDeleted or BeingDeleted or EmailUnverified or ChangedMeanwhile)
                    and var refusal:
                    return Fault(refusal);
                case { } refusal: odd.Note($"emails: the account keeps its address. {refusal.Sentence}"); break;
            }
        var wanted = Enum.GetValues<AccountDetail>()
            .Where(d => user.Details.ContainsKey(d) || d is not AccountDetail.Name && before?.Details.ContainsKey(d) == true)
            .Where(d => ProvidedAccounts.Spelled(d, user.Details.GetValueOrDefault(d)) != profile[d]);
        List<AccountCommand> commands =
            [.. wanted.Select(d => new ProvideDetail(account, by.Organization, d, user.Details.GetValueOrDefault(d), origin))];
        if (commands.Count > 0 || profile.ProvisionedBy != by.Name || before is null || !before.Owned.SequenceEqual(user.Owned))
            commands.Add(new GiveToProvider(account, by.Organization, by.Name, user.Owned, origin));
        var done = await grains.TurnMany(commands);
        return done.Select(d => d.Refusal).FirstOrDefault(IsAgainst) is { } why ? Fault(why) : told;
    }

    /// <summary>The address to move to; null where the account keeps the one that it has,
    /// which is so whenever the provider's is none for it.</summary>
    async Task<EmailAddress?> Moves(ProvisioningGrant by, ProvidedUser before, ProvidedUser user, ProvidedProfile profile, Oddities odd)
    {
        var first = user.First;
        // Only what is new is told: a provider repeats everything with each request.
        var told = first == before.First;
        if (first.SoftDeleted)
        {
            if (!told)
                odd.Note($"{first.Attribute}: this is the name of someone the provider soft-deleted; "
                    + "the account keeps its address.");
            return null;
        }
        if (first.Email is not { } email)
        {
            if (!told) odd.Note($"{first.Attribute}: the account keeps its address. {first.Why}");
            return null;
        }
        if (email.Value == profile.Email) return null;
        if (await ForeignDomain(by, email) is not { } foreign) return email;
        if (!told) odd.Note($"{first.Attribute}: the account keeps its address. {foreign.Detail}");
        return null;
    }

    /// <summary>On again, where a provider switched off: an admin's deactivation in between is not undone by a provider that repeats what
    /// it always said.</summary>
    /// <returns>Whether the account is on now.</returns>
    async Task<Outcome<bool>> SwitchOn(ProvisioningGrant by, AccountId account, bool always, Oddities odd, Origin origin)
    {
        if (!await ProviderPutOut(account, by.Organization))
        {
            if (!always) return Fault(new DeactivatedByAdmin());
            odd.Note($"active: ignored. {new DeactivatedByAdmin().Sentence}");
            return false;
        }
        return (await mediator.Send(new ReactivateAccount(account, by.Organization, origin))).Refusal is { } on and not NotDeactivated
            ? Fault(on)
            : true;
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
    Task<bool> ProviderPutOut(AccountId account, OrganizationId organization) =>
        database.Value<bool>("""
            select coalesce((select organization_id = @organization and means like @means from kernel.v_audit_entry
              where subject_id = @account and action = 'AccountDeactivated' order by at desc, id desc limit 1), false)
            """, new { account = account.Value, organization = organization.Value, means = $"{ProvisioningGrant.Means} %" },
            CancellationToken.None);

    async Task<ScimFault?> ForeignDomain(ProvisioningGrant by, EmailAddress email) =>
        (await mediator.Send(new WhoOwnsDomain(email.Domain)))?.Organization == by.Organization
            ? null
            : new ScimFault(403, null,
                $"The organization has not verified {email.Domain}. "
                + "Verify the domain first, or give the person an address on a verified one.");

    static string Spelled(ProvidedUser user) =>
        ProvidedAccounts.Spelled(AccountDetail.Name, user.Details.GetValueOrDefault(AccountDetail.Name)) ?? user.UserName;

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

    sealed record DeactivatedByAdmin()
        : Refusal("deactivatedByAdmin", "An admin deactivated this account. "
            + "It must be reactivated by an admin, not by the identity provider.");
}
