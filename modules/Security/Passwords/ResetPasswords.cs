using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.Policies;
using DirectoryPlatform.Security.Sessions;
using DirectoryPlatform.Security.TwoStep;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security;

/// <summary>An admin resets passwords (SPEC M7, A10): all sessions end at once, the next sign-in has to choose another one, and the people are told by mail.</summary>
public sealed record ResetPasswords(IReadOnlyList<AccountId> Accounts, OrganizationId By, Origin Origin) : IRequest<IReadOnlyList<Outcome<Done>>>;

/// <summary>An admin takes two-step verification away from somebody who has lost the phone and the recovery codes (SPEC M2).</summary>
public sealed record ResetTwoStep(AccountId Account, OrganizationId By, Origin Origin) : IRequest<Outcome<Done>>;

sealed class ResetPasswordsHandler(NpgsqlDataSource database, IMediator mediator, PolicyOf policies, SessionStore sessions, PublicAddress address, Post post, TimeProvider clock)
    : IRequestHandler<ResetPasswords, IReadOnlyList<Outcome<Done>>>
{
    public async Task<IReadOnlyList<Outcome<Done>>> Handle(ResetPasswords command, CancellationToken ct)
    {
        var (outcomes, granted) = (new Outcome<Done>[command.Accounts.Count], new List<AccountView>());
        for (var i = 0; i < outcomes.Length; i++)
        {
            var account = await mediator.Send(new ReadAccount(command.Accounts[i]), ct);
            var refusal = account.Granted ? TakingBack.Refused(account.Value, command.By, command.Origin.Actor) ?? ((await policies.Of(account.Value, ct)).SingleSignOn ? new SignsInAtProvider() : null) : new NotManagedHere();
            outcomes[i] = refusal is null ? Done.It : refusal;
            if (refusal is null) granted.Add(account.Value);
        }
        if (granted.Count > 0) await Reset([.. granted.DistinctBy(a => a.Id)], command, ct);
        return outcomes;
    }

    async Task Reset(IReadOnlyList<AccountView> accounts, ResetPasswords command, CancellationToken ct)
    {
        var (now, ids) = (clock.GetUtcNow(), accounts.Select(a => a.Id.Value).ToArray());
        await using (var connection = await database.OpenConnectionAsync(ct))
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            await connection.ExecuteAsync("update security.password set must_change = true where account_id = any(@ids)", new { ids });
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(PasswordResets.Void(ids, now));
            batch.BatchCommands.Add(Outbox.Insert([.. accounts.Select(a => (a.Id.Value, (Fact)new PasswordReplaced(a.Id, now, null)))], now));
            batch.BatchCommands.Add(AuditLog.Insert([.. accounts.Select(a => new AuditEntry(Guid.CreateVersion7(now), now, command.By.Value, command.Origin, a.Id.Value, "PasswordReset", null, null, null, null, null))]));
            batch.BatchCommands.Add(Mail.Insert([.. accounts.Select(a => new Mail(a.Email, new PasswordMustChangeLetter(a.Name, address.Link("/sign-in"), address.Link("/forgot-password")), command.By.Value))], now));
            await batch.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
        }
        await sessions.EndAll([.. accounts.Select(a => a.Id)], clock.GetUtcNow(), "password reset", ct);
        post.Hurry();
    }
}

sealed class ResetTwoStepHandler(IMediator mediator, TwoStepStore store) : IRequestHandler<ResetTwoStep, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(ResetTwoStep command, CancellationToken ct)
    {
        var account = await mediator.Send(new ReadAccount(command.Account), ct);
        if (!account.Granted) return new NotManagedHere();
        if (TakingBack.Refused(account.Value, command.By, command.Origin.Actor) is { } refusal) return refusal;
        return await store.TurnOff(account.Value, byAdmin: true, command.Origin, ct) ? Done.It : new TwoStepOff();
    }
}
