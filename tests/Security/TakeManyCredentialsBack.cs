using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Resetting passwords, logging out, revoking API tokens and moving to a policy,
/// for many at once (SPEC A10, C8, M6, M7, M8, S5).</summary>
[Trait("Rule", "A10")]
public sealed class TakeManyCredentialsBack : OnInstallation
{
    const string Password = "violet lantern orbit";

    static readonly string[] Actions = ["reset-password", "log-out", "revoke-api-tokens", ManyAccounts.MoveToPolicy];

    OrganizationId _acme, _globex;
    AccountId _ada;
    PolicyId _strict;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        (_acme, _globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        _ada = await Here.Admin(_acme, "ada@acme.example");
        await Here.Grant(new ClaimAccount(_ada, _acme, "acme.example", true, TestInstallation.Console));
        await Here.Grant(new GivePassword([_ada], Password));
        _strict = await Here.Grant(new CreatePolicy(_acme, PolicyDraft.Initial with { Name = "Strict", LifeDays = 3 }, By(_ada)));
    }

    Task<BulkDraftId> Prepare(string action, params AccountId[] accounts) => Prepare(action, accounts, null);

    Task<BulkDraftId> Everybody(string action) => Prepare(action, null, ManagedAccountFilter.Everybody);

    Task<BulkDraftId> Prepare(string action, IReadOnlyList<AccountId>? accounts, ManagedAccountFilter? filter) =>
        Here.Grant(new PrepareBulk(_acme, action, accounts, filter, By(_ada))
        {
            Target = action is ManyAccounts.MoveToPolicy ? $"{_strict}" : null,
        });

    Task<JobId> Confirm(BulkDraftId draft, bool notify = true, string? typed = null) =>
        Here.Grant(new ConfirmBulk(_acme, draft, null, null, notify, false, typed, By(_ada)));

    /// <param name="node">Null for the usual one.</param>
    async Task<JobView> Run(JobId job, CancellationToken ct = default, TestInstallation? node = null)
    {
        await (node ?? Here).Walk(job, ct);
        return await Here.Grant(new ReadJob(_acme.Value, job));
    }

    /// <param name="tokens">API tokens of the person.</param>
    async Task<AccountId> Person(string name, bool password = true, bool session = true, int tokens = 1)
    {
        var id = await Here.Account($"{name}@acme.example", name, managedBy: _acme);
        if (password) await Here.Grant(new GivePassword([id], Password));
        if (session) await Here.Grant(new SignIn($"{name}@acme.example", Password, "Firefox", TestInstallation.Console));
        for (var i = 0; i < tokens; i++) await Here.Grant(new CreateApiToken(id, $"{name}'s {i}", 90, By(id)));
        return id;
    }

    [Fact, Trait("Rule", "C8")]
    public async Task The_preview_says_of_each_what_the_job_then_does_and_everybody_else_is_named_with_a_reason()
    {
        var (both, bare, many) = (await Person("both"), await Person("bare", password: false, session: false, tokens: 0),
            await Person("many", tokens: 3));
        var (off, leaving) = (await Person("off"), await Person("leaving"));
        await Here.Grant(new DeactivateAccount(off, _acme, null, null, false, By(_ada)));
        await Here.Grant(new ScheduleDeletion(leaving, _acme, By(_ada)));
        var unverified = await Here.Account("new@acme.example", verified: false, managedBy: _acme);
        var foreign = await Here.Account("theirs@globex.example", managedBy: _globex);
        await Here.Grant(new MoveToPolicy(_acme, _strict, [many], By(_ada)));
        await Here.Grant(new SignIn("ada@acme.example", Password, "Firefox", TestInstallation.Console));
        var expected = new Dictionary<string, Dictionary<string, long>>
        {
            ["reset-password"] = new()
            {
                ["passwordReset"] = 3,
                ["noPassword"] = 1,
                ["yourself"] = 1,
                ["emailUnverified"] = 1,
                ["beingDeleted"] = 1
            },
            // Nobody has heard of the deactivation and the deletion: their sessions are still there to be ended.
            ["log-out"] = new() { ["loggedOut"] = 4, ["notSignedInAnywhere"] = 2, ["yourself"] = 1 },
            ["revoke-api-tokens"] = new() { ["apiTokensRevoked"] = 4, ["noApiTokens"] = 3 },
            [ManyAccounts.MoveToPolicy] = new() { ["movedToPolicy"] = 5, ["inThisPolicy"] = 1, ["emailUnverified"] = 1 },
        };
        // Looked at before anything is done, and done one after the other from the last on, so that none changes what another counts.
        foreach (var action in Actions.Reverse())
        {
            var draft = await Prepare(action, both, bare, many, off, leaving, unverified, _ada, foreign);
            (await Here.Refuse(new ReviewBulk(_globex, draft, _ada))).ShouldBeOfType<NotFound>();
            var review = await Here.Grant(new ReviewBulk(_acme, draft, _ada));
            var counts = expected[action];
            (review.WillChange, review.LeftOut, review.Target)
                .ShouldBe((counts.Values.First(), 1, action is ManyAccounts.MoveToPolicy ? "Strict" : ""), $"{action}");
            review.Refused.ToDictionary(r => r.Code, r => r.Accounts)
                .ShouldBe(counts.Skip(1).ToDictionary(), ignoreOrder: true, $"{action}");
            review.Blocked.Select(b => b.Account).ShouldBe(counts.ContainsKey("yourself") ? [_ada] : []);
            using var output = new MemoryStream();
            await Here.Grant(new ExportBulkReview(_acme, draft, _ada, output));
            Encoding.UTF8.GetString(output.ToArray()).Split("\r\n").Count(l => l.EndsWith("will change", StringComparison.Ordinal))
                .ShouldBe((int)review.WillChange, $"{action}");
            var job = await Run(await Confirm(draft));
            job.Counts.ShouldBe(counts, ignoreOrder: true, $"{action}");
            (await Here.Scalar<long>(
                "select count(distinct subject_id) from kernel.audit_entry where job_id = @job and actor_id = @ada and organization_id = "
                + "@acme and means = 'job'", new { job = job.Id.Value, ada = _ada.Value, acme = _acme.Value }))
                .ShouldBe(review.WillChange, $"{action}");
            (await Here.Refuse(new PrepareUndo(_acme, job.Id, By(_ada)))).ShouldBeOfType<NotUndoable>();
        }
        // Each deed, where it was to be done and nowhere else.
        (await Here.Rows<Guid>("select account_id from security.password where must_change"))
            .ShouldBe([both.Value, many.Value, off.Value], ignoreOrder: true);
        (await Here.Rows<Guid>("select account_id from security.session where ended_at is null")).ShouldBe([_ada.Value]);
        (await Here.Scalar<long>("select count(*) from security.api_token where revoked_at is null")).ShouldBe(0);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'ApiTokenRevoked' and personal is not null"))
            .ShouldBe(6, "each token in the history");
        (await Here.Send(new ReadPolicyOf(_acme, bare)))!.Id.ShouldBe(_strict);
        (await Here.Rows<(string, long)>(
            "select template, count(*) from kernel.mail where template in ('password-must-change', "
            + "'logged-out', 'api-tokens-revoked') group by 1 order by 1"))
            .ShouldBe([("api-tokens-revoked", 4), ("logged-out", 4), ("password-must-change", 3)]);
        (await Here.Scalar<string>(
            "select letter->>'labels' from kernel.mail where template = 'api-tokens-revoked' and recipient = 'many@acme.example'"))!
            .Split(", ").Order().ShouldBe(["“many's 0”", "“many's 1”", "“many's 2”"]);
        // Once more there is nothing left to do, but for passwords.
        foreach (var action in Actions.Skip(1))
            (await Here.Refuse(new ConfirmBulk(_acme, await Prepare(action, both, bare, many), null, null, true, false, null, By(_ada))))
                .ShouldBeOfType<NothingToDo>($"{action}");
        (await Here.Grant(new ReviewBulk(_acme, await Prepare("reset-password", both), _ada))).WillChange.ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_is_told_when_the_admin_does_not_wish_it()
    {
        var liam = await Person("liam");
        var before = await Here.Scalar<long>("select count(*) from kernel.mail");
        foreach (var action in Actions.Reverse()) (await Run(await Confirm(await Prepare(action, liam), notify: false))).Done.ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from kernel.mail")).ShouldBe(before);
    }

    [Fact, Trait("Rule", "S5"), Trait("Rule", "S8")]
    public async Task A_policy_that_is_foreign_unknown_or_gone_is_none()
    {
        var liam = await Person("liam", session: false, tokens: 0);
        var foreign = await Here.Grant(new CreatePolicy(_globex, PolicyDraft.Initial with { Name = "Theirs" }, TestInstallation.Console));
        foreach (var wrong in (string?[])[$"{foreign}", $"{Guid.NewGuid()}", "x", "", null, $"({Guid.NewGuid()})", "'; drop"])
            (await Here.Refuse(new PrepareBulk(_acme, ManyAccounts.MoveToPolicy, [liam], null, By(_ada)) { Target = wrong }))
                .ShouldBeOfType<NotFound>(wrong);
        var (looked, started) = (await Prepare(ManyAccounts.MoveToPolicy, liam), await Prepare(ManyAccounts.MoveToPolicy, liam));
        var job = await Confirm(started);
        (await Here.Grant(new ReadJob(_acme.Value, job))).Title.ShouldBe("Move 1 account to “Strict”");
        await Here.Grant(new DeletePolicy(_acme, _strict, By(_ada)));
        (await Here.Refuse(new ReviewBulk(_acme, looked, _ada))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new ConfirmBulk(_acme, looked, null, null, true, false, null, By(_ada)))).ShouldBeOfType<NotFound>();
        var failed = await Run(job);
        (failed.State, failed.Failure).ShouldBe((JobState.Failed, "The policy has been deleted."));
        // Back to the default one, also while that is not written yet.
        var first = (await Here.Send(new ReadPolicyNames(_acme)))[0];
        (await Here.Refuse(
            new ConfirmBulk(_acme,
                await Here.Grant(new PrepareBulk(_acme, ManyAccounts.MoveToPolicy, [liam], null, By(_ada)) { Target = $"{first.Id}" }),
                    null,
                null, true, false, null, By(_ada)))).ShouldBeOfType<NothingToDo>();
        var gus = await Here.Account("gus@globex.example", managedBy: _globex);
        await Here.Grant(new DeletePolicy(_globex, foreign, TestInstallation.Console));
        await Here.Scalar<int>("delete from security.policy where organization_id = @globex", new { globex = _globex.Value });
        var unwritten = (await Here.Send(new ReadPolicyNames(_globex))).Single();
        var review = await Here.Grant(new ReviewBulk(_globex, await Here.Grant(
            new PrepareBulk(_globex, ManyAccounts.MoveToPolicy, [gus], null, TestInstallation.Console) { Target = $"{unwritten.Id}" }),
            _ada));
        (review.WillChange, review.Refused.Single().Code).ShouldBe((0, "inThisPolicy"));
    }

    /// <summary>People with a password, a session and a token each, as one statement makes them.</summary>
    async Task Many(int count)
    {
        await Here.Seed("acme.example", count);
        await Here.Scalar<int>(
            "update accounts.account set managed_by = @acme, claimed_at = now(), state = 1, email_verified = true where managed_by is null",
            new { acme = _acme.Value });
        await Here.Scalar<int>("""
            insert into security.password (account_id, hash, set_at) select id, 'x', now() from accounts.account on conflict do nothing;
            insert into security.session (id, token_hash, account_id, kind, device, created_at, last_active_at, idle, ends_at, proved_at)
              select gen_random_uuid(), decode(md5(id::text), 'hex'), id, 'browser', 'Firefox', now(), now(), '7 days', now() + interval
                '30 days', now() from accounts.account;
            insert into security.api_token (id, account_id, token_hash, label, created_at, expires_at) select gen_random_uuid(), id,
              decode(md5(id::text), 'hex'), 'Backup', now(), now() + interval '90 days' from accounts.account;
            """);
    }

    [Fact]
    public async Task Thousands_take_few_statements_and_their_number_is_typed()
    {
        var many = Proof.Size(1_000, 10_000);
        await Many(many);
        // From the last on: a reset of passwords ends the sessions, too.
        foreach (var action in Actions.Reverse())
        {
            using var trips = new RoundTrips(Here);
            var draft = await Everybody(action);
            var review = await Here.Grant(new ReviewBulk(_acme, draft, _ada));
            review.WillChange
                .ShouldBe(many + (action is "revoke-api-tokens" or ManyAccounts.MoveToPolicy ? 1 : 0), $"{action}");
            (await Here.Refuse(new ConfirmBulk(_acme, draft, null, null, true, false, "999", By(_ada)))).ShouldBeOfType<TypedWrong>();
            var job = await Run(await Confirm(draft, typed: $"{review.WillChange}"));
            job.Counts.Values.Max().ShouldBe(review.WillChange, $"{action}");
            // One by one there would be one at the least for each.
            trips.Sent.ShouldNotBeEmpty();
            trips.ShouldBeAtMost(many / 5);
        }
    }

    [Theory]
    [InlineData("reset-password", "PasswordReset")]
    [InlineData("log-out", "LoggedOutEverywhere")]
    [InlineData("revoke-api-tokens", "ApiTokenRevoked")]
    [InlineData(ManyAccounts.MoveToPolicy, "PolicyAssigned")]
    public async Task A_worker_that_is_broken_off_in_the_middle_has_done_whole_chunks_and_the_next_does_the_rest(string action,
        string told)
    {
        await Many(Proof.Size(600, 12_000));
        await using var slow = await SlowJobs.On(Here, Proof.Size(TimeSpan.FromMilliseconds(100), TimeSpan.Zero));
        await using var node = Here.AnotherNode(SlowJobs.InChunks);
        var draft = await Everybody(action);
        var will = (await Here.Grant(new ReviewBulk(_acme, draft, _ada))).WillChange;
        var job = await Confirm(draft, typed: $"{will}");
        using var broken = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            // The first chunk is done, and the second has begun: its connection is cut, and the worker with it.
            await TestInstallation.Others(async () => await Here.Scalar<long>("select count(*) from kernel.job_result") >= 1);
            await broken.CancelAsync();
        });
        await Should.ThrowAsync<OperationCanceledException>(() => Run(job, broken.Token, node));
        await watching;
        var half = await Here
            .Scalar<long>("select count(distinct subject_id) from kernel.audit_entry where job_id = @job and action = @told",
                new { job = job.Value, told });
        half.ShouldBeInRange(1, will - 1);
        half.ShouldBe(
            await Here.Scalar<long>(
                "select coalesce(sum((counts->>(select min(c) from jsonb_object_keys(counts) c where c not in ('yourself')))::bigint), "
                + "0)::bigint from kernel.job_range where counts <> '{}'"), "what is counted is what is done");
        var ended = await Run(job, node: node);
        (ended.State, ended.Counts.Values.Max()).ShouldBe((JobState.Done, will));
        (await Here.Rows<(long, long)>(
            "select count(*), count(distinct subject_id) from kernel.audit_entry where job_id = @job and action = @told",
            new { job = job.Value, told })).Single().ShouldBe((will, will));
        // A run after the end does nothing more.
        await Run(job);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where job_id = @job and action = @told",
            new { job = job.Value, told })).ShouldBe(will);
    }

    [Fact, Trait("Rule", "M8"), Trait("Rule", "M6")]
    public async Task What_single_actions_take_meanwhile_is_told_once()
    {
        var people = new AccountId[Proof.Size(16, 40)];
        for (var i = 0; i < people.Length; i++) people[i] = await Person($"p{i}");
        var tokens = (await Here.Rows<(Guid Id, Guid Account)>("select id, account_id from security.api_token")).ToArray();
        var jobs = new List<JobId>();
        foreach (var action in (string[])["revoke-api-tokens", "log-out", "revoke-api-tokens", "log-out"])
            jobs.Add(await Confirm(await Prepare(action, people)));
        var singles = Task.WhenAll(tokens.Reverse().Select(t => Here.Send(new RevokeApiToken(new(t.Account), t.Id, _acme, By(_ada)))));
        var outs = Task.WhenAll(people.Reverse().Select(p => Here.Send(new LogOutEverywhere(p, null, _acme, By(_ada)))));
        var views = await Task.WhenAll(jobs.Select(j => Task.Run(() => Run(j))));
        views.ShouldAllBe(v => v.State == JobState.Done && v.Done == people.Length);
        (views.Sum(v => v.Counts.GetValueOrDefault("apiTokensRevoked")) + (await singles).Count(o => o.Granted)).ShouldBe(tokens.Length);
        (views.Sum(v => v.Counts.GetValueOrDefault("loggedOut")) + (await outs).Count(o => o.Value > 0)).ShouldBe(people.Length);
        foreach (var action in (string[])["ApiTokenRevoked", "LoggedOutEverywhere"])
            (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = @action", new { action }))
                .ShouldBe(people.Length, action);
    }

    [Fact, Trait("Rule", "M7")]
    public async Task A_sign_in_that_is_under_way_while_passwords_are_reset_leaves_no_session_behind()
    {
        var people = new AccountId[12];
        for (var i = 0; i < people.Length; i++) people[i] = await Person($"p{i}", session: false, tokens: 0);
        var job = await Confirm(await Prepare("reset-password", people));
        using var enough = new CancellationTokenSource();
        var signingIn = Enumerable.Range(0, people.Length).Select(i => Task.Run(async () =>
        {
            var seen = new List<Outcome<SignedIn>>();
            do seen.Add(await Here.Send(new SignIn($"p{i}@acme.example", Password, "Firefox", TestInstallation.Console)));
            while (!enough.IsCancellationRequested);
            return seen;
        })).ToArray();
        await TestInstallation.Others(async () => await Here.Scalar<long>("select count(*) from security.session") > 3);
        await Run(job);
        await enough.CancelAsync();
        var outcomes = (await Task.WhenAll(signingIn)).SelectMany(s => s).ToArray();
        outcomes.ShouldContain(o => o.Granted);
        outcomes.ShouldAllBe(o => o.Granted || o.Refusal is StepNeeded || o.Refusal is SignInTicketVoid);
        (await Here.Scalar<long>("select count(*) from security.session where ended_at is null")).ShouldBe(0);
    }
}
