using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.SigningIn;
using MediatR;

namespace DirectoryPlatform.Security.Internal.Passwords;

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
