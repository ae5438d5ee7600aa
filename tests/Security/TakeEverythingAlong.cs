using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Security.Internal.SigningIn;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Security;

/// <summary>
/// Every reset and change of a password takes along whatever else could let somebody in (SPEC A14). Each kind is made for real, when whole
/// with one person for each pair of a kind and a way of taking back, and tried on two nodes afterwards. Kinds are looked for in the
/// database and in the code, so that a new one fails here until it is covered or said to outlive.
/// </summary>
[Trait("Rule", "A14")]
public sealed partial class TakeEverythingAlong : OnInstallation
{
    const string Old = "violet lantern orbit", New = "seven copper kettles";

    OrganizationId _acme;
    AccountId _ada;
    TestInstallation _other = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _acme = await Here.Organization("acme");
        _ada = await Here.Admin(_acme, "ada@acme.example");
        _other = Here.AnotherNode();
    }

    public override async Task DisposeAsync()
    {
        await _other.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>What was made for a person, and whether it still gets somebody in; the answer may use it up.</summary>
    delegate Task<Func<TestInstallation, Task<bool>>> Making(TakeEverythingAlong test, AccountId person, string email);

    static readonly Dictionary<string, Making> Kinds = new()
    {
        ["password"] = (_, _, email) =>
            Made(async node => (await node.Send(new SignIn(email, Old, "Firefox", TestInstallation.Console))).Granted),
        ["browser session"] = async (test, _, email) =>
        {
            var session = await test.Here.Grant(new SignIn(email, Old, "Firefox", TestInstallation.Console));
            return async node => await node.Send(new AuthenticateSession(session.Token)) is not null;
        },
        ["mobile session"] = async (test, _, email) =>
        {
            var session = await test.Here.Grant(new SignIn(email, Old, "Phone", new Origin(null, "mobile")));
            return async node => (await node.Send(new RefreshSession(session.Token, new Origin(null, "mobile")))).Granted;
        },
        ["mobile access token"] = async (test, _, email) =>
        {
            var session = await test.Here.Grant(new SignIn(email, Old, "Phone", new Origin(null, "mobile")));
            var pair = await test.Here.Grant(new RefreshSession(session.Token, new Origin(null, "mobile")));
            return async node => await node.Send(new AuthenticateBearer(pair.AccessToken)) is not null;
        },
        ["API token"] = async (test, person, _) =>
        {
            var token = await test.Here.Grant(new CreateApiToken(person, "Backup", 90, By(person)));
            return async node => await node.Send(new AuthenticateBearer(token.Secret)) is not null;
        },
        ["reset link"] = async (test, _, email) =>
        {
            var token = await test.ResetLink(email);
            return async node => (await node.Send(new ReadPasswordReset(token))).Granted;
        },
        ["change of address"] = async (test, person, email) =>
        {
            // Asked for before the account was claimed: a managed person asks for none.
            await test.Here.Grant(new UnclaimAccount(person, test._acme, false, TestInstallation.Console));
            await test.Here.Grant(new RequestEmailChange(person, $"x{email}", By(person)));
            await test.Here.Grant(new ClaimAccount(person, test._acme, "acme.example", true, TestInstallation.Console));
            var token = await test.Link($"x{email}", "email-confirmation");
            return async node => (await node.Send(new ReadEmailChange(token))).Granted;
        },
        ["verification link"] = async (test, person, email) =>
        {
            var token = RandomToken.New();
            await test.Here
                .Scalar<int>(
                    "insert into accounts.email_verification (token_hash, account_id, email, sent_at, expires_at) values (@hash, @id, "
                    + "@email, @now, @now + interval '1 day') returning 1",
                new { hash = RandomToken.HashOf(token), id = person.Value, email, now = test.Here.Clock.GetUtcNow().UtcDateTime });
            return async node =>
                await node.Scalar<bool>("select used_at is null from accounts.email_verification where token_hash = @hash",
                    new { hash = RandomToken.HashOf(token) });
        },
        ["provider's answer"] = async (test, person, _) =>
        {
            var ticket = RandomToken.HashOf(RandomToken.New());
            await test.Here.Scalar<int>("""
                insert into security.provider_answer (token_hash, organization_id, request_hash, assertion_hash, account_id,
                  settings_version, authenticated_at, answered_at)
                values (@ticket, @acme, @ticket, @ticket, @id, 1, @now, @now) returning 1
                """, new { ticket, acme = test._acme.Value, id = person.Value, now = test.Here.Clock.GetUtcNow().UtcDateTime });
            return async node =>
                await node.Scalar<bool>(
                    "select coalesce((select taken_at is null from security.provider_answer where token_hash = @ticket), false)",
                    new { ticket });
        },
        ["sign-in ticket"] = async (test, person, email) =>
        {
            var codes = await test.TwoStep(person);
            var step = (await test.Here.Refuse(new SignIn(email, Old, "Firefox", TestInstallation.Console))).ShouldBeOfType<StepNeeded>();
            return async node => (await node.Send(new GiveTwoStepCode(step.Ticket, codes[0], "Firefox", TestInstallation.Console))).Granted;
        },
        ["two-step enrolment"] = async (test, person, _) =>
        {
            var enrolment = await test.Here.Grant(new PrepareTwoStep(person, null));
            return async node =>
                (await node.Send(new ConfirmTwoStep(person, enrolment.Enrolment, await Oathtool.Code(enrolment.Key, node.Clock.GetUtcNow()),
                    By(person)))).Granted;
        },
        ["deletion ticket"] = async (test, person, _) =>
        {
            // Sealed as the sign-in seals it; an account that is being deleted cannot be reset by anybody, so it is not deleted here.
            var password = await test.Here.Services.GetRequiredService<PasswordStore>().Of(person, default);
            var (ticket, due) = (test.Here.Services.GetRequiredService<DeletionTickets>(), test.Here.Clock.GetUtcNow());
            var text = ticket.Issue(person, due, password!.Stamp);
            return async node => node.Services.GetRequiredService<DeletionTickets>().Read(text) is var (_, _, stamp)
                && (await node.Services.GetRequiredService<PasswordStore>().Of(person, default))?.Stamp == stamp;
        },
    };

    static Task<Func<TestInstallation, Task<bool>>> Made(Func<TestInstallation, Task<bool>> works) => Task.FromResult(works);

    delegate Task Taking(TakeEverythingAlong test, AccountId person, string email);

    /// <summary>Every way to another password, and what outlives it.</summary>
    static readonly Dictionary<string, (Taking Take, string[] Outlived)> Ways = new()
    {
        ["change in a session"] = ((test, person, _) => test.Here.Grant(new ChangePassword(person, Guid.Empty, Old, New, By(person))), []),
        ["change in a session, tokens kept"] = ((test, person, _) =>
            test.Here.Grant(new ChangePassword(person, Guid.Empty, Old, New, By(person)) { KeepApiTokens = true }), ["API token"]),
        ["change at the sign-in"] = ((test, person, email) => test.AtSignIn(person, email), ["API token"]),
        ["reset by mail"] = (async (test, _, email) =>
        {
            test.Here.Clock.Pass(TimeSpan.FromSeconds(61));
            await test.Here.Grant(new FollowPasswordReset(await test.ResetLink(email), New, ByNobody));
        }, []),
        ["reset by an admin"] = (async (test, person, _) => (await test.Here.Send(new ResetPasswords([person], test._acme, By(test._ada))))
            .Single().Granted.ShouldBeTrue(), []),
        ["reset in bulk"] = (async (test, person, _) =>
        {
            var draft = await test.Here.Grant(new PrepareBulk(test._acme, "reset-password", [person], null, By(test._ada)));
            var job = await test.Here.Grant(new ConfirmBulk(test._acme, draft, null, null, false, false, null, By(test._ada)));
            await test.Here.Until(async () => (await test.Here.Grant(new ReadJob(test._acme.Value, job))).State is JobState.Done);
        }, []),
        ["voided"] = ((test, person, _) => test.Here.Grant(new VoidCredentials(person, test._acme, ByNobody)), []),
        ["given afresh"] = (async (test, person, _) =>
        {
            await using var batch = test.Here.Services.GetRequiredService<Npgsql.NpgsqlDataSource>().CreateBatch();
            using var seat = test.Here.Services.GetRequiredService<PasswordHashing>().Enter(HashLane.Link).Value;
            batch.BatchCommands.Add(await test.Here.Services.GetRequiredService<PasswordStore>().GivingAfresh(person, New, seat, default));
            await batch.ExecuteNonQueryAsync();
            // Of whoever joins by an invitation nothing waits in another room: the account was never verified.
        }, ["change of address", "verification link"]),
    };

    async Task AtSignIn(AccountId person, string email)
    {
        var (account, present) = (await Here.Grant(new ReadAccount(person)), await Here.Services.GetRequiredService<PasswordStore>()
            .Of(person, default));
        account.Email.ShouldBe(email);
        (await Here.Services.GetRequiredService<PasswordChoice>()
            .Make(new(account, present, New, "PasswordSetAtSignIn", By(person), TakeAlong.Links), default)).Granted.ShouldBeTrue();
    }

    async Task<IReadOnlyList<string>> TwoStep(AccountId person)
    {
        var enrolment = await Here.Grant(new PrepareTwoStep(person, null));
        return (await Here.Grant(new ConfirmTwoStep(person, enrolment.Enrolment, await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow()),
            By(person)))).RecoveryCodes;
    }

    async Task<string> ResetLink(string email)
    {
        await Here.Grant(new RequestPasswordReset(email, TestInstallation.Console));
        return await Link(email, "password-reset");
    }

    async Task<string> Link(string recipient, string template)
    {
        await Here.Quiet();
        return await Here.TokenMailed(recipient, template);
    }

    async Task<(AccountId Id, string Email)> Person(int number)
    {
        var email = $"p{number}@acme.example";
        var id = await Here.Account(email, "Nora Berg", managedBy: _acme);
        await Here.Grant(new GivePassword([id], Old));
        return (id, email);
    }

    [Fact]
    public async Task Each_kind_gets_somebody_in_while_nothing_is_taken_back()
    {
        var number = 0;
        foreach (var (kind, make) in Kinds)
        {
            var (person, email) = await Person(++number);
            var works = await make(this, person, email);
            (await works(number % 2 == 0 ? Here : _other)).ShouldBeTrue(kind);
        }
    }

    /// <summary>What one person can have side by side, none of it in the way of another: when small they share that person.</summary>
    static readonly string[] Together =
    [
        "password", "browser session", "mobile session", "mobile access token", "API token", "verification link", "provider's answer",
        "deletion ticket",
    ];

    static IEnumerable<string[]> Persons() =>
        Proof.Size([Together, .. Kinds.Keys.Except(Together).Select(k => new[] { k })], Kinds.Keys.Select(k => new[] { k }));

    [Fact]
    public async Task Each_kind_is_dead_on_both_nodes_after_each_way_to_another_password_and_outlives_what_it_may()
    {
        var (number, pairs) = (100, 0);
        var wrong = new List<string>();
        foreach (var (way, (take, outlived)) in Ways)
            foreach (var kinds in Persons())
            {
                var (person, email) = await Person(++number);
                var made = new List<(string Kind, Func<TestInstallation, Task<bool>> Works)>();
                foreach (var kind in kinds) made.Add((kind, await Kinds[kind](this, person, email)));
                await take(this, person, email);
                foreach (var (kind, works) in made)
                    foreach (var (node, named) in ((TestInstallation, string)[])[(_other, "the other"), (Here, "this")])
                        if (await works(node) != outlived.Contains(kind)) wrong.Add($"{kind} after {way} on {named} node");
                // Later, on every path: what was dead comes back by no other fact.
                await Here.Quiet();
                foreach (var (kind, works) in made)
                    if (!outlived.Contains(kind) && await works(Here)) wrong.Add($"{kind} comes back after {way}");
                pairs += kinds.Length;
            }
        wrong.ShouldBeEmpty();
        pairs.ShouldBe(Ways.Count * Kinds.Count);
    }

    [Fact]
    public async Task What_is_revoked_is_told_in_the_history_and_in_the_mail()
    {
        var (person, email) = await Person(1);
        foreach (var label in (string[])["Backup", "Backup", "Nightly"])
            await Here.Grant(new CreateApiToken(person, label, 90, By(person)));
        (await Here.Grant(new ReadWhatElseCanGetIn(await ResetLink(email)))).ApiTokens.ShouldBe(["Backup", "Backup", "Nightly"],
            ignoreOrder: true);
        await Here.Grant(new FollowPasswordReset(await Link(email, "password-reset"), New, ByNobody));
        (await Here.Scalar<string>("select letter->>'tokens' from kernel.mail where recipient = @email and template = 'password-changed'",
            new { email })).ShouldBe("“Backup”, “Backup”, “Nightly”");
        (await Here.Scalar<string>(
            "select personal->'after'->>'labels' from kernel.audit_entry where action = 'ApiTokensRevoked' and subject_id = @id "
            + "and organization_id = @acme", new { id = person.Value, acme = _acme.Value }))
            .ShouldBe("“Backup”, “Backup”, “Nightly”");
    }

    [Fact]
    public async Task The_page_behind_a_link_shows_what_else_can_get_in()
    {
        var person = await Here.Account("nora@mail.example");
        await Here.Grant(new GivePassword([person], Old));
        await Here.Grant(new SignIn("nora@mail.example", Old, "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            TestInstallation.Console));
        await Here.Grant(new CreateApiToken(person, "Thief's", 90, By(person)));
        await Here.Grant(new RequestEmailChange(person, "thief@evil.example", By(person)));
        await TwoStep(person);
        var token = await ResetLink("nora@mail.example");
        var others = await Here.Grant(new ReadWhatElseCanGetIn(token));
        (others.Devices.Single(), others.ApiTokens.Single(), others.PendingEmail, others.TwoStepSince is not null)
            .ShouldBe(("Firefox on Linux", "Thief's", "thief@evil.example", true));
        (await Here.Refuse(new ReadWhatElseCanGetIn(token[..^1]))).ShouldBe(new LinkVoid(), "for the holder of a good link alone");
        await Here.Grant(new FollowPasswordReset(token, New, ByNobody));
        (await Here.Send(new ReadMyWaysIn(person)))
            .ShouldSatisfyAllConditions(o => o.Devices.ShouldBeEmpty(), o => o.ApiTokens.ShouldBeEmpty(),
                o => o.PendingEmail.ShouldBeNull(), o => o.TwoStepSince.ShouldNotBeNull());
    }

    /// <summary>Tables that hold something secret of an account, and the kinds above that are in them;
    /// or why they outlive a reset.</summary>
    static readonly Dictionary<string, string> Tables = new()
    {
        ["accounts.email_change"] = "change of address",
        ["accounts.email_verification"] = "verification link",
        ["accounts.left_address"] = "outlives: it is for whoever lost the account together with its password, see TakeAddressesBack",
        ["security.api_key"] =
            "outlives: it is the organization's, which goes on when an admin has a new password; the page behind a reset link names it",
        ["security.api_token"] = "API token",
        ["security.password"] = "password",
        ["security.password_before"] = "outlives: no way in, it only refuses passwords that were used",
        ["security.password_reset"] = "reset link",
        ["security.provider_answer"] = "provider's answer",
        ["security.recovery_code"] =
            "outlives: the second step is asked for after a reset, too; "
            + "it goes with an admin's reset of it, and when an address is taken back",
        ["security.refresh_token"] = "mobile session",
        ["security.session"] = "browser session",
        ["security.two_step"] = "outlives: as the recovery codes",
    };

    /// <summary>What the code seals for browsers to carry, likewise.</summary>
    static readonly Dictionary<string, string> Sealed = new()
    {
        ["sign-in step"] = "sign-in ticket",
        ["two-step enrolment"] = "two-step enrolment",
        ["cancel own deletion"] = "deletion ticket",
        ["two-step secret"] = "outlives: stands in security.two_step",
        ["webhook secret"] = "outlives: it is the organization's, and nobody signs in with it",
        ["visit to an identity provider"] =
            "outlives: names no account, and the provider says who it is; a proof is bound to its session, which ends",
    };

    [Fact]
    public async Task Every_kind_of_secret_in_the_database_is_covered_or_said_to_outlive()
    {
        var tables = await Here.Rows<string>("""
            select distinct c.table_schema || '.' || c.table_name from information_schema.columns c
            join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
              and t.table_type = 'BASE TABLE'
            where c.column_name ~ '(token|hash|secret|stamp|expires)' and c.table_schema not in ('information_schema', 'pg_catalog', 'lane')
              and exists (select from information_schema.columns a where a.table_schema = c.table_schema and a.table_name = c.table_name
                and a.column_name in ('account_id', 'session_id'))
            order by 1
            """);
        tables.Order(StringComparer.Ordinal)
            .ShouldBe(Tables.Keys.Order(StringComparer.Ordinal), ignoreOrder: false,
                customMessage: "whatever is new is covered by WhatCanGetIn and made in Kinds, or said to outlive with its reason");
        Tables.Values.Concat(Sealed.Values).Where(v => !v.StartsWith("outlives: ", StringComparison.Ordinal)).ShouldBeSubsetOf(Kinds.Keys);
    }

    [Fact]
    public void Every_ticket_that_the_code_seals_is_covered_or_said_to_outlive()
    {
        var purposes = ((string[])["modules", "web", "host"])
            .SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(Checkout.Root.FullName, folder), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).SelectMany(f => Protector().Matches(File.ReadAllText(f)))
            .Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal).ToList();
        purposes.ShouldBe(Sealed.Keys.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"CreateProtector\((?:""([^""]*)"")?")]
    private static partial Regex Protector();
}
