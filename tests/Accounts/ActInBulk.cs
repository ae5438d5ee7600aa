using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>Bulk actions (SPEC A10): the preview, the job and the way back.</summary>
public sealed class ActInBulkTests : OnInstallation
{
    OrganizationId _acme, _globex;
    AccountId _ada;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        (_acme, _globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        await Here.VerifiedDomain(_acme, "acme.example", automatic: false);
        _ada = await Here.Admin(_acme, "ada@acme.example");
        await Here.Grant(new ClaimAccount(_ada, _acme, "acme.example", true, TestInstallation.Console));
    }

    async Task<JobView> Confirm(BulkDraftId draft, AccountId? by = null, string? typed = null, string? reason = null,
        bool acknowledged = true)
    {
        var job = await Here.Grant(new ConfirmBulk(_acme, draft, reason, null, true, acknowledged, typed, By(by ?? _ada)));
        return await Run(job);
    }

    async Task<JobView> Run(JobId job)
    {
        await Here.Walk(job);
        return await Here.Grant(new ReadJob(_acme.Value, job));
    }

    Task<BulkDraftId> Prepare(string action, params AccountId[] accounts) =>
        Here.Grant(new PrepareBulk(_acme, action, accounts, null, By(_ada)));

    async Task<AccountId[]> Managed(int count, string prefix = "person")
    {
        var ids = new AccountId[count];
        for (var i = 0; i < count; i++) ids[i] = await Here.Account($"{prefix}{i}@acme.example", $"{prefix} {i}", managedBy: _acme);
        return ids;
    }

    /// <summary>Every row of the account in every room, without what counts turns or keeps the time of one.</summary>
    Task<IReadOnlyList<string>> RowsOf(IEnumerable<AccountId> accounts) => Here.Rows<string>("""
        select concat_ws('|', to_jsonb(a) - 'version' - 'claimed_at', s.text, (select count(*) from security.password p
          where p.account_id = a.id))
        from accounts.account a left join accounts.search s on s.account_id = a.id where a.id = any(@ids) order by a.id
        """, new { ids = accounts.Select(a => a.Value).ToArray() });

    [Fact, Trait("Rule", "A10"), Trait("Rule", "A8"), Trait("Rule", "C8")]
    public async Task The_preview_counts_what_the_job_then_does_with_protected_unknown_and_foreign_accounts_left_out()
    {
        var people = await Managed(5);
        var unverified = await Here.Account("new@acme.example", verified: false, managedBy: _acme);
        var foreign = await Here.Account("theirs@globex.example", managedBy: _globex);
        var draft = await Prepare("deactivate", [.. people, unverified, foreign, _ada, new AccountId(Guid.NewGuid())]);
        (await Here.Refuse(new ReviewBulk(_globex, draft, _ada))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new ConfirmBulk(_globex, draft, null, null, true, true, null, By(_ada)))).ShouldBeOfType<NotFound>();
        var review = await Here.Grant(new ReviewBulk(_acme, draft, _ada));
        (review.WillChange, review.LeftOut).ShouldBe((5, 2));
        review.Refused.ToDictionary(r => r.Code, r => r.Accounts)
            .ShouldBe(new Dictionary<string, long> { ["emailUnverified"] = 1, ["yourself"] = 1 }, ignoreOrder: true);
        review.Blocked.Single().Account.ShouldBe(_ada);
        using var output = new MemoryStream();
        await Here.Grant(new ExportBulkReview(_acme, draft, _ada, output));
        Encoding.UTF8.GetString(output.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Count(l => l.EndsWith("will change", StringComparison.Ordinal)).ShouldBe(5);
        var job = await Confirm(draft, reason: "Left the company");
        job.Counts.ShouldBe(new Dictionary<string, long> { ["deactivated"] = 5, ["emailUnverified"] = 1, ["yourself"] = 1 },
            ignoreOrder: true);
        job.Progress.ShouldBe((5, 5), "of those that its title says");
        (await Here.Scalar<long>(
            "select count(*) from accounts.account where state = 2 and version = 3 and deactivation_reason = 'Left the company'"))
            .ShouldBe(5);
        (await Here.Scalar<long>(
            "select count(*) from kernel.audit_entry where action = 'AccountDeactivated' and job_id = @job and actor_id = @ada "
            + "and means = 'job'", new { job = job.Id.Value, ada = _ada.Value })).ShouldBe(5);
        (await Here.Scalar<short>("select state from accounts.account where id = @id", new { id = foreign.Value })).ShouldBe((short)1);
        // A second click is the same job.
        (await Here.Grant(new ConfirmBulk(_acme, draft, null, null, true, true, null, By(_ada)))).ShouldBe(job.Id);
    }

    [Fact, Trait("Rule", "A10"), Trait("Rule", "C9"), Trait("Rule", "A4")]
    public async Task Undoing_a_deactivation_and_an_unclaiming_gives_every_row_back_as_it_was()
    {
        var people = await Managed(10);
        var before = await RowsOf(people);
        foreach (var action in (string[])["deactivate", ManyAccounts.Unclaim])
        {
            var job = await Confirm(await Prepare(action, people));
            (await RowsOf(people)).ShouldNotBe(before);
            var undo = (await Here.Grant(new PrepareUndo(_acme, job.Id, By(_ada)))).Draft;
            (await Here.Grant(new ReviewBulk(_acme, undo, _ada))).WillChange.ShouldBe(people.Length);
            (await Here.Refuse(new PrepareUndo(_globex, job.Id, By(_ada)))).ShouldBeOfType<NotFound>();
            await Confirm(undo);
            (await RowsOf(people)).ShouldBe(before);
            // Undone twice is nothing to do, said as such.
            var again = (await Here.Grant(new PrepareUndo(_acme, job.Id, By(_ada)))).Draft;
            (await Here.Refuse(new ConfirmBulk(_acme, again, null, null, true, true, null, By(_ada)))).ShouldBeOfType<NothingToDo>();
        }
        var kept = await Confirm(await Prepare("delete", people));
        (await Here.Refuse(new PrepareUndo(_acme, kept.Id, By(_ada)))).ShouldBeOfType<NotUndoable>();
    }

    [Fact, Trait("Rule", "A10"), Trait("Rule", "C9"), Trait("Rule", "A3")]
    public async Task An_undo_leaves_alone_who_was_deactivated_again_since()
    {
        var people = await Managed(2);
        var job = await Confirm(await Prepare("deactivate", people));
        Here.Clock.Pass(TimeSpan.FromMinutes(1));
        await Here.Grant(new ReactivateAccount(people[0], _acme, By(_ada)));
        Here.Clock.Pass(TimeSpan.FromMinutes(1));
        await Here.Grant(new DeactivateAccount(people[0], _acme, "Dismissed", null, false, By(_ada)));
        var undo = (await Here.Grant(new PrepareUndo(_acme, job.Id, By(_ada)))).Draft;
        var review = await Here.Grant(new ReviewBulk(_acme, undo, _ada));
        (review.WillChange, review.Refused.Single().Code).ShouldBe((1, "deactivatedSince"));
        using var output = new MemoryStream();
        await Here.Grant(new ExportBulkReview(_acme, undo, _ada, output));
        Encoding.UTF8.GetString(output.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Count(l => l.EndsWith("will change", StringComparison.Ordinal)).ShouldBe(1);
        (await Confirm(undo)).Counts.ShouldBe(new Dictionary<string, long> { ["reactivated"] = 1, ["deactivatedSince"] = 1 },
            ignoreOrder: true);
        (await Here.Grant(new ReadAccount(people[0]))).State.ShouldBe(AccountState.Deactivated);
        (await Here.Grant(new ReadAccount(people[1]))).State.ShouldBe(AccountState.Active);
        // Whoever means it chooses the account itself.
        (await Confirm(await Prepare(ManyAccounts.Reactivate, people[0]))).Counts
            .ShouldBe(new Dictionary<string, long> { ["reactivated"] = 1 });
    }

    [Fact, Trait("Rule", "A3")]
    public async Task What_nobody_sees_and_what_turns_the_text_around_comes_into_no_email_of_a_deactivation()
    {
        var people = await Managed(2);
        var draft = await Prepare("deactivate", people);
        foreach (var unseen in (string[])["a\u0007", "pay \u202E000,1", "one\nt\u2066wo"])
        {
            (await Here.Refuse(new ConfirmBulk(_acme, draft, null, unseen, true, true, null, By(_ada)))).ShouldBeOfType<InvalidValue>()
                .Field.ShouldBe("message");
            (await Here.Refuse(new DeactivateAccount(people[0], _acme, unseen, null, true, By(_ada)))).ShouldBeOfType<InvalidValue>()
                .Field.ShouldBe("reason");
        }
        (await Here.Scalar<long>("select count(*) from kernel.job")).ShouldBe(0);
        await Here.Grant(new DeactivateAccount(people[0], _acme, null, "Two\r\n\tlines, and \u05E9\u05DC\u05D5\u05DD", true, By(_ada)));
    }

    [Fact, Trait("Rule", "A6")]
    public async Task A_job_that_is_done_keeps_no_copy_of_the_reason_which_may_name_somebody()
    {
        var job = await Here.Grant(new ConfirmBulk(_acme, await Prepare("deactivate", await Managed(2)), "Zebulon moved",
            "Farewell Zebulon", true, true, null, By(_ada)));
        (await Here.Scalar<string>("select arguments::text from kernel.job where id = @id", new { id = job.Value }))!
            .ShouldContain("Zebulon");
        await Here.Until(async () => (await Here.Grant(new ReadJob(_acme.Value, job))).Ended);
        await Here.Quiet();
        (await Here.Scalar<string>("select arguments::text from kernel.job where id = @id", new { id = job.Value }))!
            .ShouldNotContain("Zebulon");
        (await Here.Grant(new ReviewBulk(_acme, (await Here.Grant(new PrepareUndo(_acme, job, By(_ada)))).Draft, _ada))).WillChange
            .ShouldBe(2);
    }

    [Fact, Trait("Rule", "A10")]
    public async Task All_that_match_a_filter_are_those_that_matched_when_it_was_prepared()
    {
        await Managed(4, "match");
        await Managed(3, "other");
        var draft = await Here.Grant(new PrepareBulk(_acme, "deactivate", null, new ManagedAccountFilter(Search: "MATCH"),
            By(_ada)));
        await Managed(2, "match-later");
        (await Here.Grant(new ReviewBulk(_acme, draft, _ada))).WillChange.ShouldBe(4);
        (await Confirm(draft)).Counts.ShouldBe(new Dictionary<string, long> { ["deactivated"] = 4 });
        (await Here.Scalar<long>("select count(*) from accounts.account where state = 2")).ShouldBe(4);
    }

    [Fact, Trait("Rule", "A8")]
    public async Task When_all_admins_are_in_the_list_the_last_one_stays()
    {
        var admins = new List<AccountId> { _ada };
        for (var i = 0; i < 4; i++)
        {
            var admin = await Here.Admin(_acme, $"admin{i}@acme.example");
            await Here.Grant(new ClaimAccount(admin, _acme, "acme.example", true, TestInstallation.Console));
            admins.Add(admin);
        }
        // Asked for by nobody in the list: a person of the platform's own.
        var draft = await Prepare("deactivate", [.. admins]);
        var outsider = await Here.Account("outsider@elsewhere.example");
        var review = await Here.Grant(new ReviewBulk(_acme, draft, outsider));
        (review.WillChange, review.Blocked.Single().Refusal).ShouldBe((4, new LastOrganizationAdmin()));
        (await Confirm(draft, by: outsider)).Counts
            .ShouldBe(new Dictionary<string, long> { ["deactivated"] = 4, ["lastOrganizationAdmin"] = 1 }, ignoreOrder: true);
        (await Here.Scalar<long>("select count(*) from accounts.account where admin_of @> array[@acme] and state = 1",
            new { acme = _acme.Value })).ShouldBe(1);
    }

    [Fact, Trait("Rule", "A5"), Trait("Rule", "A10")]
    public async Task Deleting_asks_for_the_acknowledgement_and_a_thousand_accounts_for_their_number()
    {
        await Here.Seed("acme.example", 1_000);
        await Here.Scalar<int>("update accounts.account set managed_by = @acme, state = 1, email_verified = true where managed_by is null",
            new { acme = _acme.Value });
        var draft = await Here.Grant(new PrepareBulk(_acme, "delete", null, null, By(_ada)));
        var review = await Here.Grant(new ReviewBulk(_acme, draft, _ada));
        (review.WillChange, review.MustType).ShouldBe((1_000, true));
        (await Here.Refuse(new ConfirmBulk(_acme, draft, null, null, true, false, "1000", By(_ada)))).ShouldBeOfType<NotAcknowledged>();
        (await Here.Refuse(new ConfirmBulk(_acme, draft, null, null, true, true, "999", By(_ada)))).ShouldBeOfType<TypedWrong>();
        (await Confirm(draft, typed: " 1,000 ")).Counts
            .ShouldBe(new Dictionary<string, long> { ["deletionScheduled"] = 1_000, ["yourself"] = 1 }, ignoreOrder: true);
        (await Here.Scalar<long>(
            "select count(*) from accounts.account where state = 3 and deletion_due_at between @due - interval '1 minute' and @due",
            new { due = (Here.Clock.GetUtcNow() + Account.DeletionGrace).UtcDateTime })).ShouldBe(1_000);
        var cancel = await Here.Grant(new PrepareBulk(_acme, "cancel-deletion", null,
            new ManagedAccountFilter(State: AccountState.PendingDeletion), By(_ada)));
        (await Confirm(cancel, typed: "1000")).Counts.ShouldBe(new Dictionary<string, long> { ["deletionCancelled"] = 1_000 });
        (await Here.Scalar<long>("select count(*) from accounts.account where state = 1 and deletion_due_at is null")).ShouldBe(1_001);
    }

    [Fact, Trait("Rule", "A10")]
    public async Task A_program_types_nothing_whatever_changes_after_the_look_and_leaves_no_draft_behind()
    {
        await Here.Seed("acme.example", 1_001);
        await Here.Scalar<int>("update accounts.account set managed_by = @acme, state = 1, email_verified = true where managed_by is null",
            new { acme = _acme.Value });
        var draft = await Here.Grant(new PrepareBulk(_acme, "deactivate", null, null, By(_ada)));
        (await Here.Grant(new ReviewBulk(_acme, draft, _ada))).WillChange.ShouldBe(1_001);
        await Here.Scalar<int?>("update accounts.account set managed_by = null where id = (select id from accounts.account "
            + "where admin_of is null order by id desc limit 1)");
        var confirmed = new ConfirmBulk(_acme, draft, null, null, false, true, null, By(_ada)) { Unseen = true };
        (await Here.Refuse(confirmed with { Unseen = false })).ShouldBeOfType<TypedWrong>();
        (await Run(await Here.Grant(confirmed))).Counts["deactivated"].ShouldBe(1_000);
        var idle = await Here.Grant(new PrepareBulk(_acme, "reactivate", [_ada], null, By(_ada)));
        (await Here.Refuse(confirmed with { Draft = idle })).ShouldBeOfType<NothingToDo>();
        (await Here.Scalar<long>("select count(*) from kernel.bulk_draft where id = @id", new { id = idle.Value })).ShouldBe(0);
        (await Here.Scalar<long>("select count(*) from kernel.bulk_draft where id = @id", new { id = draft.Value })).ShouldBe(1);
    }

    [Fact, Trait("Rule", "C6")]
    public async Task Several_files_are_read_together_and_every_bad_line_is_told_with_its_file()
    {
        var people = await Managed(6);
        var foreign = await Here.Account("known@globex.example", managedBy: _globex);
        var first = new NamedFile("first.csv",
            Text("\uFEFFEmail\r\nPERSON0@acme.example\r\n\r\n\"person1@acme.example\"\r\nperson1@acme.example\r\nnot an address\r\n"));
        var second = new NamedFile("second.csv", Text("person2@acme.example\nknown@globex.example\nunknown@acme.example"));
        var review =
            await Here.Grant(new ReviewBulk(_acme, await Here.Grant(new PrepareBulkByList(_acme, ManyAccounts.Unclaim, new([first,
                second]), By(_ada))), _ada));
        (review.WillChange, review.BadLineCount).ShouldBe((3, 3));
        review.BadLines.Select(b => (b.Line, b.Why.Split(':')[0]))
            .ShouldBe([(6, "first.csv"), (2, "second.csv"), (3, "second.csv")], ignoreOrder: true);
        // A foreign address answers as an unknown one.
        review.BadLines.Single(b => b.Text == "known@globex.example").Why
            .ShouldBe(review.BadLines.Single(b => b.Text == "unknown@acme.example").Why);
        await Confirm(review.Draft);
        (await Here.Scalar<long>("select count(*) from accounts.account where managed_by is null and excluded_by = array[@acme]",
            new { acme = _acme.Value })).ShouldBe(3);
        (people.Length, foreign.Value).ShouldNotBe((0, Guid.Empty));

        (await Here.Refuse(
            new PrepareBulkByList(_acme, ManyAccounts.Unclaim,
                new([new("many.csv", Text(string.Concat(Enumerable.Range(0, 10_001).Select(i => $"p{i}@acme.example\n"))))]), By(_ada))))
                .ShouldBe(new TooManyRows("many.csv", 10_000));
        (await Here.Refuse(new PrepareBulkByList(_acme, ManyAccounts.Unclaim,
            new([new("large.csv", Text(new string('x', 6 * 1024 * 1024)))]), By(_ada))))
            .ShouldBeOfType<FileTooLarge>();
        (await Here.Refuse(new PrepareBulkByList(_acme, ManyAccounts.Unclaim,
            new([new("binary.csv", new MemoryStream([0x50, 0x4B, 3, 4, 0, 0, 0xFF]))]), By(_ada)))).ShouldBeOfType<FileUnreadable>();
        (await Here.Refuse(new PrepareBulkByList(_acme, ManyAccounts.Unclaim, new([]), By(_ada)))).ShouldBeOfType<NothingChosen>();
        (await Here.Grant(
            new PrepareBulkByList(_acme, ManyAccounts.Unclaim,
                new([new("exact.csv", Text(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"p{i}@acme.example\n"))))]),
                By(_ada)))).Value.ShouldNotBe(Guid.Empty);
    }

    static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    [Fact, Trait("Rule", "A10")]
    public async Task Many_jobs_at_once_over_the_same_accounts_end_in_a_serial_order()
    {
        var people = await Managed(20);
        var jobs = new List<JobId>();
        for (var i = 0; i < Proof.Size(12, 32); i++)
        {
            var draft = await Prepare(i % 2 == 0 ? "deactivate" : "delete", people);
            jobs.Add(await Here.Grant(new ConfirmBulk(_acme, draft, null, null, false, true, null, By(_ada))));
        }
        var views = await Task.WhenAll(jobs.Select(job => Task.Run(() => Run(job))));
        views.ShouldAllBe(v => v.State == JobState.Done && v.Done == people.Length);
        // Each account was deactivated at most once and deleted exactly once, in one of the two orders; a version for each.
        var ends = await Here.Rows<(short State, long Version, long Facts)>("""
            select state, version, (select count(*) from kernel.audit_entry e where e.subject_id = a.id) from accounts.account a
              where id = any(@ids)
            """, new { ids = people.Select(p => p.Value).ToArray() });
        ends.ShouldAllBe(e => e.State == 3 && e.Version == e.Facts && (e.Version == 3 || e.Version == 4));
        views.Sum(v => v.Counts.GetValueOrDefault("deletionScheduled")).ShouldBe(people.Length);
        views.Sum(v => v.Counts.GetValueOrDefault("deactivated")).ShouldBe(ends.Count(e => e.Version == 4));
    }

    [Fact, Trait("Rule", "C7")]
    public async Task The_exclusion_list_is_seen_and_edited()
    {
        var domain = (await Here.Send(new ReadDomains(_acme))).Single().Id;
        var free = await Here.Account("free@acme.example");
        await Managed(1, "ours");
        (await Here.Refuse(new ExcludeByEmail(_acme, domain, "someone@globex.example", By(_ada)))).ShouldBeOfType<NotOnDomain>();
        (await Here.Refuse(new ExcludeByEmail(_acme, domain, "nobody@acme.example", By(_ada)))).ShouldBeOfType<NoSuchAccount>();
        (await Here.Refuse(new ExcludeByEmail(_acme, domain, "ours0@acme.example", By(_ada)))).ShouldBeOfType<UnclaimFirst>();
        (await Here.Refuse(new ExcludeByEmail(_acme, domain, "\0", By(_ada)))).ShouldNotBeNull();
        (await Here.Refuse(new ReadExclusionList(_globex, domain, null))).ShouldBeOfType<NotFound>();
        await Here.Grant(new ExcludeByEmail(_acme, domain, " Free@acme.example ", By(_ada)));
        (await Here.Refuse(new ExcludeByEmail(_acme, domain, "free@acme.example", By(_ada)))).ShouldBeOfType<AlreadyExcluded>();
        var list = await Here.Grant(new ReadExclusionList(_acme, domain, null));
        (list.Total, list.Accounts.Rows.Single().Account).ShouldBe((1, free));
        (await Here.Refuse(new ClaimAccount(free, _acme, "acme.example", false, By(_ada)))).ShouldBeOfType<ExcludedFromClaiming>();
        (await Here.Refuse(new ReadmitAccount(free, _globex, By(_ada)))).ShouldBeOfType<NotExcluded>();
        await Here.Grant(new ReadmitAccount(free, _acme, By(_ada)));
        await Here.Grant(new ClaimAccount(free, _acme, "acme.example", false, By(_ada)));
    }
}
