using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.SignInRules;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>A signed-in person chooses another password (SPEC S1, A12). All other sessions end, unused links of forgotten passwords are void, and a mail says so.</summary>
/// <param name="Session">The one in which it is done; it stays.</param>
public sealed record ChangePassword(AccountId Account, Guid Session, [property: Secret] string? Current, [property: Secret] string? Password, Origin Origin) : IRequest<Outcome<Done>>;

sealed class ChangePasswordHandler(Gate gate, PasswordProof proof, PasswordChoice choice) : IRequestHandler<ChangePassword, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(ChangePassword command, CancellationToken ct)
    {
        var account = await gate.MayAct(command.Account, ct);
        if (!account.Granted) return account.Refusal;
        var present = await proof.Show(account.Value, command.Current, "current", command.Origin, ct);
        if (!present.Granted) return present.Refusal;
        return (await choice.Make(new(account.Value, present.Value, command.Password, "PasswordChanged", command.Origin, command.Session), ct)).Map(_ => Done.It);
    }
}
