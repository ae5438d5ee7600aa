using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.Sessions;
using Npgsql;

namespace DirectoryPlatform.Security.Bulk;

/// <summary>
/// Many passwords at once (SPEC A10, M7): as <see cref="ResetPasswords"/> does it, but sessions end in the same transaction. A sign-in that is under way waits for it and then ends by itself,
/// see <see cref="PasswordStore.Settled"/>.
/// </summary>
sealed class ResetPasswordsInBulk(PublicAddress address) : IBulkDeed
{
    public BulkAction Action => BulkAction.ResetPassword;
    public string Code => "passwordReset";
    public Refusal Nothing => new NoPassword();

    public Refusal? Refused(AccountView account, OrganizationId by, Guid? actor) => TakingBack.Refused(account, by, actor);

    public string HasSomething(string now, string by, string target) => "exists (select from security.password p where p.account_id = a.id)";

    public Task<Outcome<string>> Target(OrganizationId by, string? target, CancellationToken ct) => Task.FromResult<Outcome<string>>("");

    public async Task<BulkDone> Do(BulkDeedChunk chunk, NpgsqlConnection connection, CancellationToken ct)
    {
        var ids = chunk.Accounts.Select(a => a.Id.Value).ToArray();
        var reset = await BulkWork.Changed(connection, "update security.password set must_change = true where account_id = any($1) returning account_id", ids, chunk.Now, ct);
        var people = chunk.Accounts.Where(a => reset.Contains(a.Id.Value)).ToArray();
        return new(reset,
        [
            PasswordResets.Void([.. reset], chunk.Now),
            SessionStore.EndLive([.. reset], chunk.Now, "password reset"),
            AuditLog.Insert([.. people.Select(a => chunk.Entry(a, "PasswordReset"))]),
            Mail.Insert(chunk.Notify ? [.. people.Select(a => new Mail(a.Email, new PasswordMustChangeLetter(a.Name, address.Link("/sign-in"), address.Link("/forgot-password")), chunk.By.Value))] : [], chunk.Now),
        ]);
    }
}

sealed record NoPassword() : Refusal("noPassword", "This account has no password yet.");
