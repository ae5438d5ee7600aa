using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.SignInRules;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// A signed-in person chooses another password (SPEC S1, A12). All other sessions end, links, tickets and pending changes are void (A14),
/// API tokens are revoked unless the person wishes to keep them, and a mail says so.
/// </summary>
/// <param name="Session">The one in which it is done; it stays.</param>
public sealed record ChangePassword(AccountId Account, Guid Session, [property: Secret] string? Current,
    [property: Secret] string? Password, Origin Origin) : IRequest<Outcome<Done>>
{
    /// <summary>Programs go on; for whoever changes the password by habit.</summary>
    public bool KeepApiTokens { get; init; }
}

sealed class ChangePasswordHandler(Gate gate, PasswordProof proof, PasswordChoice choice) : IRequestHandler<ChangePassword, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(ChangePassword command, CancellationToken ct)
    {
        var account = await gate.MayAct(command.Account, ct);
        if (!account.Granted) return account.Refusal;
        var present = await proof.Show(account.Value, command.Current, "current", command.Origin, ct);
        if (!present.Granted) return present.Refusal;
        return (await choice.Make(new(account.Value, present.Value, command.Password, SecurityActions.PasswordChanged, command.Origin,
            command.KeepApiTokens ? TakeAlong.Links : TakeAlong.LinksAndTokens, command.Session), ct)).Map(_ => Done.It);
    }
}
