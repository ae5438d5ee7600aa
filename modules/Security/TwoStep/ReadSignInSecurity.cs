using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.Policies;
using DirectoryPlatform.Security.TwoStep;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>How an account proves itself, for its own person or for an admin (SPEC A12, M2). No secret, no hash.</summary>
/// <param name="Organization">Whose admin looks; null for the person. A foreign account answers as an unknown one.</param>
public sealed record ReadSignInSecurity(AccountId Account, OrganizationId? Organization, AccountId Viewer)
    : IRequest<Outcome<SignInSecurity>>;

/// <param name="PasswordSetAt">Null while there is none.</param>
/// <param name="MustChange">An admin's reset waits for the next sign-in.</param>
/// <param name="TwoStepSince">Null while it is off.</param>
/// <param name="TwoStepMandatory">Whether the policy asks for it.</param>
/// <param name="ResetPassword">Why an admin may not; null when it is offered.</param>
/// <param name="ResetTwoStep">Why an admin may not; null when it is offered.</param>
public sealed record SignInSecurity(
    DateTimeOffset? PasswordSetAt, bool MustChange, DateTimeOffset? TwoStepSince, int RecoveryCodesLeft, bool TwoStepMandatory,
    Refusal? ResetPassword, Refusal? ResetTwoStep)
{
    /// <summary>Whether the organization's identity provider signs in: then neither the password nor our second step is in use.</summary>
    public bool SingleSignOn { get; init; }
}

sealed class ReadSignInSecurityHandler(IMediator mediator, PasswordStore passwords, TwoStepStore twoStep, PolicyResolver policies)
    : IRequestHandler<ReadSignInSecurity, Outcome<SignInSecurity>>
{
    public async Task<Outcome<SignInSecurity>> Handle(ReadSignInSecurity query, CancellationToken ct)
    {
        var account = await mediator.Send(new ReadAccount(query.Account), ct);
        if (!account.Granted || (query.Organization is { } by ? account.Value.ManagedBy != by : query.Viewer != query.Account))
            return new NotFound("account");
        var password = await passwords.Of(query.Account, ct);
        var since = await twoStep.OnSince(query.Account, ct);
        var refusal = query.Organization is { } organization
            ? TakingBack.Refused(account.Value, organization, query.Viewer.Value, await Administered(query.Viewer, account.Value, ct))
            : null;
        var rules = await policies.Account(query.Account, ct);
        return new SignInSecurity(
            password?.SetAt, password is { MustChange: true }, since, since is null
                ? 0
                : await twoStep.CodesLeft(query.Account, ct), rules.TwoStepMandatory,
            refusal ?? (rules.SingleSignOn ? new SignsInAtProvider() : null), refusal ?? (since is null ? new TwoStepOff() : null))
        { SingleSignOn = rules.SingleSignOn };
    }

    /// <summary>What the viewer administers; looked for only where it matters.</summary>
    async Task<IReadOnlyList<OrganizationId>?> Administered(AccountId viewer, AccountView account, CancellationToken ct) =>
        account.AdminOf.Count > 0 && await mediator.Send(new ReadAccount(viewer), ct) is { Granted: true, Value: var person }
            ? person.AdminOf
            : null;
}

/// <summary>What an admin may take back from a managed account; asked before it is offered and again when it is done. In the order in which
/// an admin would check.</summary>
static class TakingBack
{
    /// <param name="asker">As in <see cref="AdminReach"/>.</param>
    public static Refusal? Refused(AccountView account, OrganizationId by, Guid? actor, IReadOnlyList<OrganizationId>? asker) =>
        account switch
        {
            _ when account.ManagedBy != by => new NotManagedHere(),
            _ when account.Id.Value == actor => new Yourself(),
            { State: AccountState.Deleted } => new AccountIsDeleted(),
            { State: AccountState.PendingDeletion } => new BeingDeleted(),
            { State: AccountState.Unverified } => new EmailUnverified(),
            { State: AccountState.Active or AccountState.Deactivated } => AdminReach.Refused(account.AdminOf, asker),
        };
}
