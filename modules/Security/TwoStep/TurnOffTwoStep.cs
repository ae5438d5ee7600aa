using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.Policies;
using DirectoryPlatform.Security.SignInRules;
using DirectoryPlatform.Security.TwoStep;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>A person turns two-step verification off (SPEC S2); asks for the password. Refused while the policy asks for it.</summary>
public sealed record TurnOffTwoStep(AccountId Account, [property: Secret] string? Password, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Ten new recovery codes in place of all earlier ones; asks for the password.</summary>
public sealed record ReplaceRecoveryCodes(AccountId Account, [property: Secret] string? Password, Origin Origin)
    : IRequest<Outcome<TwoStepConfirmed>>;

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
