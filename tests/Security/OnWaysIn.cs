using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Security.Internal.SigningIn;
using DirectoryPlatform.Security.Internal.SingleSignOn;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Security;

/// <summary>All that can let somebody in, each kind made for real, and every way in which it is taken back; on two nodes.</summary>
public abstract class OnWaysIn : OnInstallation
{
    protected const string Old = "violet lantern orbit", New = "seven copper kettles";

    protected OrganizationId Acme { get; private set; }
    protected AccountId Ada { get; private set; }
    protected TestInstallation Other { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Acme = await Here.Organization("acme");
        Ada = await Here.Admin(Acme, "ada@acme.example");
        Other = Here.AnotherNode();
    }

    public override async Task DisposeAsync()
    {
        await Other.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>What was made for a person, and whether it still gets somebody in; the answer may use it up.</summary>
    protected delegate Task<Func<TestInstallation, Task<bool>>> Making(OnWaysIn test, AccountId person, string email);

    protected static readonly Dictionary<string, Making> Kinds = new()
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
            await test.Here.Grant(new UnclaimAccount(person, test.Acme, false, TestInstallation.Console));
            await test.Here.Grant(new RequestEmailChange(person, $"x{email}", By(person)));
            await test.Here.Grant(new ClaimAccount(person, test.Acme, "acme.example", true, TestInstallation.Console));
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
                """, new { ticket, acme = test.Acme.Value, id = person.Value, now = test.Here.Clock.GetUtcNow().UtcDateTime });
            return async node =>
                await node.Scalar<bool>(
                    "select coalesce((select taken_at is null from security.provider_answer where token_hash = @ticket), false)",
                    new { ticket });
        },
        ["device code"] = async (test, person, _) =>
        {
            var hash = RandomToken.HashOf(RandomToken.New());
            await test.Here.Scalar<int>("""
                insert into security.device_code (id, device_hash, user_hash, program, scopes, asked_at, expires_at, answered_at,
                  organization_id, account_id, granted)
                values (gen_random_uuid(), @hash, @hash, 'directory', '{jobs:read}', @now, @now + interval '10 minutes', @now, @acme, @id,
                  '{jobs:read}') returning 1
                """, new { hash, acme = test.Acme.Value, id = person.Value, now = test.Here.Clock.GetUtcNow().UtcDateTime });
            return async node => await node.Scalar<bool>(
                "select exists (select from security.device_code where device_hash = @hash and expires_at > @now)",
                new { hash, now = node.Clock.GetUtcNow().UtcDateTime });
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
        ["code after a provider"] = async (test, person, _) =>
        {
            // As what takes it compares it: by the stamp, which the session that begins is undone by.
            var password = await test.Here.Services.GetRequiredService<PasswordStore>().Of(person, default);
            var text = test.Here.Services.GetRequiredService<ProviderTickets>()
                .Issue(new(person, test.Acme, ProviderVisit.SignIn, null, password!.Stamp, null));
            return async node => node.Services.GetRequiredService<ProviderTickets>().Read(text) is { } shown
                && (await node.Services.GetRequiredService<PasswordStore>().Of(person, default))?.Stamp == shown.Stamp;
        },
    };

    static Task<Func<TestInstallation, Task<bool>>> Made(Func<TestInstallation, Task<bool>> works) => Task.FromResult(works);

    protected delegate Task Taking(OnWaysIn test, AccountId person, string email);

    /// <summary>Every way to another password, the one back to an earlier address, and what outlives it.</summary>
    protected static readonly Dictionary<string, (Taking Take, string[] Outlived)> Ways = new()
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
        ["reset by an admin"] = (async (test, person, _) => (await test.Here.Send(new ResetPasswords([person], test.Acme, By(test.Ada))))
            .Single().Granted.ShouldBeTrue(), []),
        ["reset in bulk"] = (async (test, person, _) =>
        {
            var draft = await test.Here.Grant(new PrepareBulk(test.Acme, "reset-password", [person], null, By(test.Ada)));
            var job = await test.Here.Grant(new ConfirmBulk(test.Acme, draft, null, null, false, false, null, By(test.Ada)));
            await test.Here.Until(async () => (await test.Here.Grant(new ReadJob(test.Acme.Value, job))).State is JobState.Done);
        }, []),
        ["voided"] = ((test, person, _) => test.Here.Grant(new VoidCredentials(person, test.Acme, ByNobody)), []),
        ["given afresh"] = (async (test, person, _) =>
        {
            await using var batch = test.Here.Services.GetRequiredService<Npgsql.NpgsqlDataSource>().CreateBatch();
            using var seat = test.Here.Services.GetRequiredService<PasswordHashing>().Enter(HashLane.Link).Value;
            batch.BatchCommands.Add(await test.Here.Services.GetRequiredService<PasswordStore>().GivingAfresh(person, New, seat, default));
            await batch.ExecuteNonQueryAsync();
            // Of whoever joins by an invitation nothing waits in another room: the account was never verified.
        }, ["change of address", "verification link"]),
        // No way to another password, and as much goes.
        ["address taken back"] = ((test, person, email) =>
        {
            var now = test.Here.Clock.GetUtcNow();
            var back = new EmailAddressChanged(person, now, null, $"x{email}", email, null)
            {
                TakenBack = Guid.CreateVersion7(now),
                Since = now - TimeSpan.FromHours(1),
            };
            return test.Here.Services.GetRequiredService<BegunSince>().End(back, Origin.Schedule, default);
        }, []),
    };

    async Task AtSignIn(AccountId person, string email)
    {
        var (account, present) = (await Here.Grant(new ReadAccount(person)), await Here.Services.GetRequiredService<PasswordStore>()
            .Of(person, default));
        account.Email.ShouldBe(email);
        (await Here.Services.GetRequiredService<PasswordChoice>()
            .Make(new(account, present, New, "PasswordSetAtSignIn", By(person), TakeAlong.Links), default)).Granted.ShouldBeTrue();
    }

    protected async Task<IReadOnlyList<string>> TwoStep(AccountId person)
    {
        var enrolment = await Here.Grant(new PrepareTwoStep(person, null));
        return (await Here.Grant(new ConfirmTwoStep(person, enrolment.Enrolment, await Oathtool.Code(enrolment.Key, Here.Clock.GetUtcNow()),
            By(person)))).RecoveryCodes;
    }

    protected async Task<string> ResetLink(string email)
    {
        await Here.Grant(new RequestPasswordReset(email, TestInstallation.Console));
        return await Link(email, "password-reset");
    }

    protected async Task<string> Link(string recipient, string template)
    {
        await Here.Quiet();
        return await Here.TokenMailed(recipient, template);
    }

    protected async Task<(AccountId Id, string Email)> Person(int number)
    {
        var email = $"p{number}@acme.example";
        var id = await Here.Account(email, "Nora Berg", managedBy: Acme);
        await Here.Grant(new GivePassword([id], Old));
        return (id, email);
    }
}
