using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Secrets for programs, their making and their end (SPEC S4, M8).</summary>
[Trait("Rule", "S4")]
public sealed class ApiTokensTests : OnInstallation
{
    Task<Visitor?> Who(string token) => Here.Send(new AuthenticateBearer(token));

    Task<NewApiToken> Create(AccountId of, string label = "Backup", int days = 90) =>
        Here.Grant(new CreateApiToken(of, label, days, By(of)));

    [Fact]
    public async Task A_token_opens_the_gate_until_it_expires_is_stored_hashed_and_mailed()
    {
        var liam = await Here.Account("liam@acme.example", "Liam");
        var (token, other) = (await Create(liam, days: 1), await Create(liam, " Reports "));
        token.Secret.ShouldStartWith("dpt_");
        token.Secret.Length.ShouldBe(TokenText.Length);
        token.Secret.ShouldNotBe(other.Secret);
        (await Who(token.Secret)).ShouldSatisfyAllConditions(v => v!.Account.ShouldBe(liam), v => v!.Means.ShouldBe("api token"),
            v => v!.ProvedAt.ShouldBeNull());
        (await Here.Send(new AuthenticateSession(token.Secret))).ShouldBeNull("it is no cookie");
        foreach (var table in await Here.Rows<string>(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"))
            (await Here.Scalar<bool>($"select exists (select from {table} t where position(@secret in t::text) > 0)",
                new { secret = token.Secret[4..] })).ShouldBeFalse(table);
        token.ToString().ShouldNotContain(token.Secret);
        var list = await Here.Grant(new ReadApiTokens(liam, null));
        list.Tokens.Select(t => t.Label).ShouldBe(["Reports", "Backup"]);
        list.Blocked.ShouldBeNull();
        list.Tokens[0].LastUsedAt.ShouldBeNull();
        list.Tokens[1].LastUsedAt.ShouldNotBeNull();
        (await Here.Rows<string>(
            "select letter->>'label' from kernel.mail where template = 'api-token-created' and recipient = 'liam@acme.example' "
            + "order by created_at")).ShouldBe(["Backup", "Reports"]);
        Here.Clock.Pass(TimeSpan.FromDays(1));
        (await Who(token.Secret)).ShouldBeNull();
        (await Who(other.Secret)).ShouldNotBeNull();
        (await Here.Grant(new ReadApiTokens(liam, null))).Tokens.Select(t => t.Expired).ShouldBe([false, true]);
        Here.Clock.Pass(TimeSpan.FromDays(30));
        (await Here.Grant(new ReadApiTokens(liam, null))).Tokens.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Last_used_is_written_once_a_minute_at_most()
    {
        var liam = await Here.Account("liam@acme.example");
        var token = await Create(liam);
        var writes = new HashSet<string?>();
        for (var i = 0; i < 5; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Who(token.Secret)));
            writes.Add(await Here.Scalar<string>("select xmin::text || last_used_at from security.api_token"));
        }
        writes.Count.ShouldBe(1);
        Here.Clock.Pass(TimeSpan.FromSeconds(61));
        await Who(token.Secret);
        writes.Add(await Here.Scalar<string>("select xmin::text || last_used_at from security.api_token")).ShouldBeTrue();
    }

    [Fact]
    public async Task Bad_labels_and_days_are_refused_beside_their_field_and_the_number_is_bounded_under_a_race()
    {
        var liam = await Here.Account("liam@acme.example");
        foreach (var label in (string?[])[null, "", "  ", new('x', 101), "\u200B", "a\0b", "a\u202Eb"])
            (await Here.Refuse(new CreateApiToken(liam, label, 90, By(liam)))).ShouldBeOfType<InvalidValue>().Field.ShouldBe("label");
        foreach (var days in (int?[])[null, 0, -1, 366, int.MaxValue])
            (await Here.Refuse(new CreateApiToken(liam, "x", days, By(liam)))).ShouldBeOfType<InvalidValue>().Field.ShouldBe("days");
        foreach (var (label, days) in ((string, int)[])[(new('x', 100), 1), ("x", 365)]) await Create(liam, label, days);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, CreateApiToken.MostTokens + 10)
            .Select(i => Here.Send(new CreateApiToken(liam, $"t{i}", 90, By(liam)))));
        outcomes.Count(o => o.Granted).ShouldBe(CreateApiToken.MostTokens - 2);
        outcomes.Where(o => !o.Granted).ShouldAllBe(o => o.Refusal is TooManyApiTokens);
    }

    [Fact, Trait("Rule", "M8"), Trait("Rule", "S8")]
    public async Task Revoking_is_permanent_by_the_person_or_the_managing_admin_and_nobody_else()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var (ada, liam, gus) = (await Here.Admin(acme, "ada@acme.example"), await Here.Account("liam@acme.example", managedBy: acme),
            await Here.Account("gus@globex.example", managedBy: globex));
        var (one, two, theirs) = (await Create(liam), await Create(liam, "Reports"), await Create(gus));
        (await Here.Refuse(new RevokeApiToken(gus, theirs.Token.Id, acme, By(ada)))).ShouldBe(new NotFound("account"));
        (await Here.Refuse(new ReadApiTokens(gus, acme))).ShouldBe(new NotFound("account"));
        foreach (var id in (Guid[])[theirs.Token.Id, Guid.NewGuid()])
            (await Here.Refuse(new RevokeApiToken(liam, id, acme, By(ada)))).ShouldBe(new NoSuchApiToken());
        (await Here.Refuse(new RevokeApiToken(liam, theirs.Token.Id, null, By(liam)))).ShouldBe(new NoSuchApiToken());
        await Here.Grant(new RevokeApiToken(liam, one.Token.Id, acme, By(ada)));
        await Here.Grant(new RevokeApiToken(liam, two.Token.Id, null, By(liam)));
        foreach (var gone in (NewApiToken[])[one, two])
        {
            (await Who(gone.Secret)).ShouldBeNull();
            (await Here.Refuse(new RevokeApiToken(liam, gone.Token.Id, null, By(liam)))).ShouldBe(new NoSuchApiToken());
        }
        (await Who(theirs.Secret)).ShouldNotBeNull();
        (await Here.Grant(new ReadApiTokens(liam, acme))).Tokens.ShouldBeEmpty();
        (await Here.Rows<string>("select letter->>'label' from kernel.mail where template = 'api-token-revoked'")).ShouldBe(["Backup"]);
        (await Here.Rows<(Guid?, string)>(
            "select organization_id, personal->'after'->>'label' from kernel.audit_entry where action = 'ApiTokenRevoked' order by at"))
            .ShouldBe([(acme.Value, "Backup"), (acme.Value, "Reports")]);
    }

    [Fact]
    public void A_token_tells_what_it_is_and_a_mistyped_one_is_noticed_without_the_database()
    {
        var token = TokenText.New(TokenText.Api);
        TokenText.IsOne(token, TokenText.Api).ShouldBeTrue();
        TokenText.IsOne(token, TokenText.Access).ShouldBeFalse();
        token.ShouldMatch("^dpt_[0-9A-Za-z]{49}$");
        Enumerable.Range(0, token.Length)
            .Count(i => TokenText.IsOne($"{token[..i]}{(token[i] == 'x' ? 'y' : 'x')}{token[(i + 1)..]}", TokenText.Api)).ShouldBe(0);
        foreach (var none in (string?[])[null, "", "dpt_", token + "0", token[..^1], $" {token}", token.ToUpperInvariant()])
            TokenText.IsOne(none, TokenText.Api).ShouldBeFalse();
        Enumerable.Range(0, 1_000).Select(_ => TokenText.New(TokenText.Api)).Distinct().Count().ShouldBe(1_000);
    }

    [Fact]
    public async Task A_well_formed_token_that_nobody_was_given_opens_nothing()
    {
        foreach (var token in (string[])[TokenText.New(TokenText.Api), TokenText.New(TokenText.Access), TokenText.New(TokenText.Refresh),
            "", "\0", new('x', 100_000)]) (await Who(token)).ShouldBeNull();
    }
}
