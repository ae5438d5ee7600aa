using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Nora, whose account is to have another address.</summary>
public abstract class OnMovedAddress : OnInstallation
{
    protected const string Old = "violet lantern orbit", New = "seven copper kettles";
    protected const string Owner = "nora@mail.example", Thief = "thief@evil.example";

    protected async Task<AccountId> Nora()
    {
        var id = await Here.Account(Owner, "Nora Berg");
        await Here.Grant(new GivePassword([id], Old));
        return id;
    }

    protected async Task<string> Link(string recipient, string template)
    {
        await Here.Quiet();
        return await Here.TokenMailed(recipient, template);
    }

    protected async Task<string> Email(AccountId person) => (await Here.Grant(new ReadAccount(person))).Email;

    protected async Task<Visitor> SignedIn(string email, string password = Old) =>
        (await Here.Send(
            new AuthenticateSession((await Here.Grant(new SignIn(email, password, "Firefox", TestInstallation.Console))).Token)))!;

    protected async Task Move(AccountId person, string to)
    {
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Grant(new RequestEmailChange(person, to, By(person)));
        await Here.Grant(new FollowEmailChangeLink(await Link(to, "email-confirmation"), ByNobody));
    }
}
