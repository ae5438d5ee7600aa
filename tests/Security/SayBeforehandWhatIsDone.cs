using System.Reflection;
using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Security;

/// <summary>What a preview counts and what a profile offers is what is then done (SPEC C8, M10), for every kind of account that there can
/// be.</summary>
public sealed class SayBeforehandWhatIsDone : OnInstallation
{
    OrganizationId _acme, _globex;
    AccountId _ada;
    DomainId _domain;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        (_acme, _globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        _domain = await Here.VerifiedDomain(_acme, "acme.example", automatic: false);
        _ada = await Here.Admin(_acme, "ada@acme.example");
        await Here.Grant(new ClaimAccount(_ada, _acme, "acme.example", true, TestInstallation.Console));
    }

    sealed record Kind(AccountState State, OrganizationId? ManagedBy, bool Lost, bool Admin, bool Excluded, bool Due, bool SignedUp,
        bool Has)
    {
        public AccountId Id { get; } = new(Guid.CreateVersion7());

        /// <summary>Only the unverified, and who has lost the address, have none that is verified.</summary>
        public bool Verified => !Lost && State is not (AccountState.Unverified or AccountState.Deleted);
    }

    /// <param name="marks">Lost its address, admin, excluded, due to be erased, signed up, has a password, a session and a token: those of
    /// them that are to be told apart.</param>
    IReadOnlyList<Kind> Every(string marks) =>
    [
        .. from state in Enum.GetValues<AccountState>()
           from manager in state is AccountState.Deleted ? new OrganizationId?[] { null } : [_acme, _globex, null]
           from lost in Both('l', marks) where !lost || state is AccountState.Deactivated or AccountState.PendingDeletion
           from admin in Both('a', marks) where !admin || state is AccountState.Active or AccountState.Deactivated
           from excluded in Both('e', marks) where !excluded || (manager != _acme && state is not AccountState.Deleted)
           from due in Both('d', marks) where !due || state is AccountState.PendingDeletion
           from signedUp in Both('s', marks) where !signedUp || state is AccountState.Unverified
           from has in Both('h', marks)
           select new Kind(state, manager, lost, admin, excluded, due, signedUp, has),
    ];

    static bool[] Both(char mark, string marks) => marks.Contains(mark) ? [false, true] : [false];

    async Task Make(IReadOnlyList<Kind> kinds)
    {
        await Here.Scalar<int>("""
            insert into accounts.account (id, version, email, domain, name, name_key, state, email_verified, managed_by, claimed_at,
              created_at, deletion_due_at, admin_of, excluded_by, signed_up)
            select id, 1, email, split_part(email, '@', 2), 'Somebody', 'somebody', state, verified, managed_by, @now, @now,
              @now + days * interval '1 day', case when admin then array[@acme] end, case when excluded then array[@acme] end, signed_up
            from unnest(@ids, @emails, @states, @verified, @managers, @days, @admins, @excluded, @signedUp)
              as k(id, email, state, verified, managed_by, days, admin, excluded, signed_up);
            insert into security.password (account_id, hash, set_at) select unnest(@has), 'x', @now;
            insert into security.session (id, token_hash, account_id, kind, device, created_at, last_active_at, idle, ends_at, proved_at)
              select gen_random_uuid(), decode(md5(id::text), 'hex'), id, 'browser', 'Firefox', @now, @now, '7 days',
                @now + interval '30 days', @now from unnest(@has) id;
            insert into security.api_token (id, account_id, token_hash, label, created_at, expires_at) select gen_random_uuid(), id,
              decode(md5(id::text), 'hex'), 'Backup', @now, @now + interval '90 days' from unnest(@has) id;
            """, new
        {
            now = Here.Clock.GetUtcNow().UtcDateTime,
            acme = _acme.Value,
            ids = kinds.Select(k => k.Id.Value).ToArray(),
            emails = kinds.Select(k => k.State is AccountState.Deleted ? null
                : k.Lost ? FormerAddress.Of(k.Id).Value : $"{k.Id.Value:N}@acme.example").ToArray(),
            states = kinds.Select(k => (short)k.State).ToArray(),
            verified = kinds.Select(k => k.Verified).ToArray(),
            managers = kinds.Select(k => k.ManagedBy?.Value).ToArray(),
            days = kinds.Select(k => k.State is not AccountState.PendingDeletion ? (int?)null : k.Due ? -1 : 5).ToArray(),
            admins = kinds.Select(k => k.Admin).ToArray(),
            excluded = kinds.Select(k => k.Excluded).ToArray(),
            signedUp = kinds.Select(k => k.SignedUp).ToArray(),
            has = kinds.Where(k => k.Has).Select(k => k.Id.Value).ToArray(),
        });
    }

    [Theory, Trait("Rule", "C8"), Trait("Rule", "A10")]
    [InlineData("deactivate")]
    [InlineData("reactivate")]
    [InlineData("delete")]
    [InlineData("cancel-deletion")]
    [InlineData("claim")]
    [InlineData("unclaim")]
    [InlineData("reclaim")]
    [InlineData("reset-password")]
    [InlineData("log-out")]
    [InlineData("revoke-api-tokens")]
    [InlineData("policy")]
    public async Task Preview_file_and_job_say_the_same_of_every_kind_of_account(string action)
    {
        var kinds = Every("laedsh");
        await Make(kinds);
        var policy = await Here.Grant(new CreatePolicy(_acme, PolicyDraft.Initial with { Name = "Strict" }, By(_ada)));
        var draft = await Here.Services.GetRequiredService<BulkDrafts>().Insert(new BulkDraft
        {
            OrganizationId = _acme.Value,
            Action = action,
            Options = KernelJson.Write(action == "claim" ? new AccountOptions(null, _domain, "acme.example")
                : new AccountOptions(action == "policy" ? $"{policy}" : null)),
            MadeBy = _ada.Value,
        }, [], [.. kinds.Select(k => new BulkItem(k.Id.Value)), new BulkItem(_ada.Value)], CancellationToken.None);

        var review = await Here.Grant(new ReviewBulk(_acme, draft, _ada));
        using var output = new MemoryStream();
        await Here.Grant(new ExportBulkReview(_acme, draft, _ada, output));
        var file = Encoding.UTF8.GetString(output.ToArray());
        var job = await Here.Grant(new ConfirmBulk(_acme, draft, null, null, true, true, review.ToType, By(_ada)));
        await Here.Walk(job);
        var done = (await Here.Grant(new ReadJob(_acme.Value, job))).Counts;
        review.Will.Concat(review.Refused.ToDictionary(r => r.Code, r => r.Accounts)).ToDictionary()
            .ShouldBe(done.ToDictionary(), ignoreOrder: true);
        file.Split("will change\r\n").Length.ShouldBe((int)review.WillChange + 1);
        foreach (var refused in review.Refused) file.Split(refused.Sentence).Length.ShouldBe((int)refused.Accounts + 1, refused.Code);
        review.WillChange.ShouldBeInRange(1, kinds.Count - 1);
    }

    [Fact, Trait("Rule", "C8")]
    public void Every_action_on_many_accounts_is_tried()
    {
        var tried = typeof(SayBeforehandWhatIsDone).GetMethod(nameof(Preview_file_and_job_say_the_same_of_every_kind_of_account))!
            .GetCustomAttributesData().Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .SelectMany(a => (IEnumerable<CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!).Select(a => (string)a.Value!);
        Here.Services.GetServices<BulkAccountAction>().Select(a => a.Name).ShouldBe(tried, ignoreOrder: true);
    }

    [Theory, Trait("Rule", "M10"), Trait("Rule", "A2")]
    [InlineData(AccountAction.Deactivate)]
    [InlineData(AccountAction.Reactivate)]
    [InlineData(AccountAction.ResendVerification)]
    [InlineData(AccountAction.Unclaim)]
    [InlineData(AccountAction.CancelDeletion)]
    [InlineData(AccountAction.Delete)]
    public async Task What_is_offered_is_granted_and_what_is_not_is_refused_with_the_same_words(AccountAction action)
    {
        var kinds = Every("lad");
        await Make(kinds);
        var answers = new List<(Kind, Refusal?)>();
        foreach (var kind in kinds)
        {
            var offered = (await Here.Send(new OfferedActions(kind.Id, _acme, _ada))).Single(o => o.Action == action).Refusal;
            (await Ask(action, kind.Id)).ShouldBe(offered, $"{kind}");
            answers.Add((kind, offered));
        }
        answers.ShouldContain(a => a.Item2 == null);
        answers.ShouldContain(a => a.Item2 != null);
    }

    async Task<Refusal?> Ask(AccountAction action, AccountId account) => action switch
    {
        AccountAction.Deactivate => await Refusal(new DeactivateAccount(account, _acme, null, null, true, By(_ada))),
        AccountAction.Reactivate => await Refusal(new ReactivateAccount(account, _acme, By(_ada))),
        AccountAction.ResendVerification => await Refusal(new SendVerificationMail(account, _acme, By(_ada))),
        AccountAction.Unclaim => await Refusal(new UnclaimAccount(account, _acme, true, By(_ada))),
        AccountAction.CancelDeletion => await Refusal(new CancelDeletion(account, _acme, By(_ada))),
        AccountAction.Delete => await Refusal(new ScheduleDeletion(account, _acme, By(_ada))),
    };

    async Task<Refusal?> Refusal<T>(IRequest<Outcome<T>> request) where T : notnull => (await Here.Send(request)).Refusal;
}
