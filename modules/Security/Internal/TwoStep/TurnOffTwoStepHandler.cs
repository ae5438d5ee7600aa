using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Passwords;
using DirectoryPlatform.Security.Internal.Policies;
using DirectoryPlatform.Security.Internal.SigningIn;
using MediatR;

namespace DirectoryPlatform.Security.Internal.TwoStep;

sealed class TurnOffTwoStepHandler(Gate gate, PasswordProof proof, PolicyResolver policies, TwoStepStore store)
    : IRequestHandler<TurnOffTwoStep, Outcome<Done>>, IRequestHandler<ReplaceRecoveryCodes, Outcome<TwoStepConfirmed>>
{
    public async Task<Outcome<Done>> Handle(TurnOffTwoStep command, CancellationToken ct)
    {
        var account = await gate.MayAct(command.Account, ct);
        if (!account.Granted) return account.Refusal;
        if (await store.OnSince(command.Account, ct) is null) return new TwoStepOff();
        if ((await policies.Account(command.Account, ct)).TwoStepMandatory) return new TwoStepMandatory();
        var shown = await proof.Show(account.Value, command.Password, "password", command.Origin, ct);
        if (!shown.Granted) return shown.Refusal;
        return await store.TurnOff(account.Value, command.Origin, ct);
    }

    public async Task<Outcome<TwoStepConfirmed>> Handle(ReplaceRecoveryCodes command, CancellationToken ct)
    {
        var account = await gate.MayAct(command.Account, ct);
        if (!account.Granted) return account.Refusal;
        if (await store.OnSince(command.Account, ct) is null) return new TwoStepOff();
        var shown = await proof.Show(account.Value, command.Password, "password", command.Origin, ct);
        if (!shown.Granted) return shown.Refusal;
        return (await store.NewCodes(account.Value, command.Origin, ct)).Map(codes => new TwoStepConfirmed(codes));
    }
}
