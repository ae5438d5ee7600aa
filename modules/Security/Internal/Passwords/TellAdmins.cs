using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Letters;
using MediatR;

namespace DirectoryPlatform.Security.Internal.Passwords;

/// <summary>Tells the other admins when a person has reset how one of them proves itself (SPEC S13); the one who did it, too, who may not
/// have been at the keyboard.</summary>
sealed class TellAdmins(IMediator mediator, ProductUrl address)
{
    /// <param name="what">"password", "two-step verification".</param>
    /// <returns>Nothing where no target is an admin.</returns>
    public async Task<IReadOnlyList<(Guid Admin, OutgoingMail Mail)>> Letters(
        IReadOnlyList<AccountView> targets, string what, Origin origin,
        DateTimeOffset at, CancellationToken ct)
    {
        var letters = new List<(Guid, OutgoingMail)>();
        if (targets.All(t => t.AdminOf.Count == 0)) return letters;
        var by = origin.Actor is { } actor && await mediator.Send(new ReadAccount(new(actor)), ct) is { Granted: true, Value: var asker }
            ? asker.Name
            : "An admin";
        foreach (var target in targets)
            foreach (var organization in target.AdminOf)
                foreach (var admin in await mediator.Send(new ReadAccounts(await mediator.Send(new WhoAdministers(organization), ct)), ct))
                    if (admin.Id != target.Id && admin.Email.Length > 0)
                        letters.Add(
                            (target.Id.Value,
                                new(admin.Email,
                                    new AdminCredentialResetLetter(admin.Name, target.Name, by, what,
                                        address.Link($"/o/{organization}/admins")), organization.Value,
                            DeterministicGuid.Of(target.Id, what, organization, admin.Id, at))));
        return letters;
    }
}
