using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Security.Internal.SigningIn;
using DirectoryPlatform.Webhooks;
using DirectoryPlatform.Webhooks.Internal;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Nora with two-step verification and a session, Acme with a webhook; everything that can be read again.</summary>
sealed record SealedSecrets(AccountId Nora, string TwoStepKey, string Session, string Ticket, Guid Webhook, byte[] WebhookSecret)
{
    public const string Email = "nora@mail.example";
    const string Password = "violet lantern orbit";

    /// <summary>Every node has a clock of its own here, and no code is taken twice.</summary>
    int _codes;

    public static async Task<SealedSecrets> Begin(TestInstallation node)
    {
        var nora = await node.Account(Email, "Nora Berg");
        await node.Grant(new GivePassword([nora], Password));
        var session = (await node.Grant(SignIn())).Token;
        var enrolment = await node.Grant(new PrepareTwoStep(nora, null));
        var code = await Oathtool.Code(enrolment.Key, node.Clock.GetUtcNow());
        await node.Grant(new ConfirmTwoStep(nora, enrolment.Enrolment, code, By(nora)));
        var acme = await node.Organization("acme");
        var ada = await node.Admin(acme, "ada@acme.example");
        var made = await node.Grant(new CreateWebhook(acme, ada, "https://receiver.example/hook", By(ada)));
        var ticket = node.Services.GetRequiredService<DeletionTickets>().Issue(nora, node.Clock.GetUtcNow(), await Stamp(node, nora));
        return new(nora, enrolment.Key, session, ticket, made.Webhook.Id.Value,
            Convert.FromBase64String(made.Secret["whsec_".Length..]));
    }

    /// <summary>What was sealed and given out before still works at this node.</summary>
    public async Task GoesOn(TestInstallation node)
    {
        (await node.Send(new AuthenticateSession(Session))).ShouldNotBeNull().Account.ShouldBe(Nora);
        node.Services.GetRequiredService<DeletionTickets>().Read(Ticket)!.Value.Account.ShouldBe(Nora);
        var step = (await node.Send(SignIn())).Refusal.ShouldBeOfType<StepNeeded>();
        node.Clock.Pass(++_codes * TimeSpan.FromSeconds(90));
        var code = await Oathtool.Code(TwoStepKey, node.Clock.GetUtcNow());
        var signedIn = await node.Send(new GiveTwoStepCode(step.Ticket, code, "Firefox", TestInstallation.Console));
        signedIn.Granted.ShouldBeTrue("the secret opens");
        await using var connection = await node.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        (await node.Services.GetRequiredService<WebhookStore>().Find(connection, Webhook))!.Secret.ShouldBe(WebhookSecret);
    }

    static SignIn SignIn() => new(Email, Password, "Firefox", TestInstallation.Console);

    public static Origin By(AccountId actor) => new(actor.Value, "test", RequestId: $"{Guid.NewGuid():N}");

    /// <summary>What tickets of this account are bound to.</summary>
    public static async Task<Guid> Stamp(TestInstallation node, AccountId account) =>
        (await node.Services.GetRequiredService<PasswordStore>().Of(account, default))!.Stamp;
}
