using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Access tokens that are short, refresh tokens that rotate (SPEC S3, M6).</summary>
[Trait("Rule", "S3")]
public sealed class MobileSessionsTests : OnInstallation
{
    static readonly Origin Phone = new(null, "mobile", "192.0.2.9");

    async Task<(AccountId Account, MobileTokens Tokens)> SignIn()
    {
        var id = await Here.Account("liam@acme.example", "Liam");
        await Here.Grant(new GivePassword([id], "correct horse"));
        var signedIn = await Here.Grant(new SignIn("liam@acme.example", "correct horse", "Liam’s phone", Phone));
        return (id, await Here.Grant(new RefreshSession(signedIn.Token, Phone)));
    }

    Task<Visitor?> Who(MobileTokens tokens) => Here.Send(new AuthenticateBearer(tokens.AccessToken));

    Task<Outcome<MobileTokens>> Refresh(string? token) => Here.Send(new RefreshSession(token, Phone));

    [Fact]
    public async Task Access_is_for_ten_minutes_and_the_refresh_token_brings_the_next_pair_for_a_month_of_silence()
    {
        var (liam, tokens) = await SignIn();
        (await Here.Grant(new ReadDevices(liam, null))).Single()
            .ShouldSatisfyAllConditions(d => d.Name.ShouldBe("Liam’s phone"), d => d.Kind.ShouldBe("mobile"));
        (await Who(tokens))!.Account.ShouldBe(liam);
        Here.Clock.Pass(TimeSpan.FromMinutes(10));
        (await Who(tokens)).ShouldBeNull();
        for (var month = 0; month < 3; month++)
        {
            Here.Clock.Pass(TimeSpan.FromDays(29));
            var next = (await Refresh(tokens.RefreshToken)).Value;
            (await Who(tokens)).ShouldBeNull("the old access token ends with the new one");
            (await Who(next)).ShouldNotBeNull();
            tokens = next;
        }
        Here.Clock.Pass(TimeSpan.FromDays(30));
        (await Refresh(tokens.RefreshToken)).Refusal.ShouldBe(new RefreshTokenVoid());
        (await Here.Grant(new ReadDevices(liam, null))).ShouldBeEmpty();
        foreach (var none in (string?[])[null, "", "x", tokens.AccessToken, TokenText.New(TokenText.Refresh), new('x', 100_000)])
            (await Refresh(none)).Refusal.ShouldBe(new RefreshTokenVoid());
    }

    [Fact]
    public async Task Of_fifty_refreshes_at_once_on_two_nodes_one_wins_and_the_session_lives()
    {
        var (_, tokens) = await SignIn();
        await using var other = Here.AnotherNode();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50)
            .Select(i => (i % 2 == 0 ? Here : other).Send(new RefreshSession(tokens.RefreshToken, Phone))));
        outcomes.Count(o => o.Granted).ShouldBe(1);
        outcomes.Where(o => !o.Granted).ShouldAllBe(o => o.Refusal is RefreshedJustNow);
        var winner = outcomes.Single(o => o.Granted).Value;
        (await Who(winner)).ShouldNotBeNull();
        (await Refresh(winner.RefreshToken)).Granted.ShouldBeTrue();
    }

    [Fact]
    public async Task Reusing_an_old_refresh_token_ends_the_whole_session_and_is_audited()
    {
        var (liam, first) = await SignIn();
        var second = (await Refresh(first.RefreshToken)).Value;
        var third = (await Refresh(second.RefreshToken)).Value;
        (await Refresh(first.RefreshToken)).Refusal.ShouldBe(new RefreshedJustNow());
        (await Who(third)).ShouldNotBeNull("within the grace nothing ends");
        Here.Clock.Pass(RefreshSession.Grace + TimeSpan.FromSeconds(1));
        (await Refresh(first.RefreshToken)).Refusal.ShouldBe(new RefreshTokenVoid());
        (await Who(third)).ShouldBeNull();
        (await Refresh(third.RefreshToken)).Refusal.ShouldBe(new RefreshTokenVoid());
        (await Here.Rows<(string, Guid)>("select action, subject_id from kernel.audit_entry where action = 'RefreshTokenReused'"))
            .ShouldBe([("RefreshTokenReused", liam.Value)]);
        foreach (var secret in (string[])[first.RefreshToken, third.AccessToken])
            (await Here.Scalar<bool>("select exists (select from kernel.audit_entry e where position(@secret in e::text) > 0)",
                new { secret })).ShouldBeFalse();
    }

    [Fact, Trait("Rule", "M6"), Trait("Rule", "A6")]
    public async Task Logging_out_ends_both_tokens_at_once_and_erasing_leaves_no_token_row()
    {
        var (liam, tokens) = await SignIn();
        await Here.Grant(new LogOutDevice(liam, (await Who(tokens))!.Session, null, By(liam)));
        (await Who(tokens)).ShouldBeNull();
        (await Refresh(tokens.RefreshToken)).Refusal.ShouldBe(new RefreshTokenVoid());
        await Here.Grant(new CreateApiToken(liam, "Backup", 90, By(liam)));
        await Here.Grant(new ScheduleDeletion(liam, null, By(liam)));
        Here.Clock.Pass(Account.DeletionGrace);
        await ((IEnumerable<IRecurring>)Here.Services.GetService(typeof(IEnumerable<IRecurring>))!)
            .Single(r => r.Name == "erase due deletions").Run(CancellationToken.None);
        foreach (var table in (string[])["session", "refresh_token", "api_token", "password", "credentials"])
            (await Here.Scalar<long>($"select count(*) from security.{table}")).ShouldBe(0, table);
    }
}
