using Dapper;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts.Claiming;

/// <summary>The wizard's draft row.</summary>
sealed class ClaimDrafts(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Long enough for a lunch break and a question to a colleague; then the numbers are worth nothing (own choice).</summary>
    static readonly TimeSpan Life = TimeSpan.FromDays(1);

    internal const int ShownBadLines = 100;

    public async Task<ClaimDraftId> Insert(OrganizationId organization, DomainView domain, AddressList? file, bool unclaim, Origin origin,
        CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        var onDomain = file?.Emails.Keys.Where(e => e.Domain == domain.Name).Select(e => e.Value).ToArray() ?? [];
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // A job that can still go on or be resumed reads its list from the draft, whose id it has.
        await connection
            .ExecuteAsync(
                "delete from accounts.claim_draft d where made_at < @old and not exists (select from kernel.job j where j.id = d.id "
                + "and j.state < 4)", new { old = (clock.GetUtcNow() - Life).UtcDateTime }, transaction);
        await connection.ExecuteAsync("""
            insert into accounts.claim_draft (id, organization_id, domain_id, domain, from_file, unclaim, automatic, made_by, made_at,
              not_on_domain)
            values (@id, @organization, @domainId, @Name, @fromFile, @unclaim, @automatic, @Actor, @now, @notOnDomain)
            """, new
        {
            id,
            organization = organization.Value,
            domainId = domain.Id.Value,
            domain.Name,
            fromFile = file is not null,
            unclaim,
            automatic = domain.AutomaticClaim ?? true, // preselected, C1
            origin.Actor,
            now = clock.GetUtcNow().UtcDateTime,
            notOnDomain = (long)((file?.Emails.Count ?? 0) - onDomain.Length),
        }, transaction);
        if (file is not null)
        {
            // Only addresses on the own domain are looked up: the answer must not tell which foreign addresses have accounts.
            var found = (await connection.QueryAsync<string>("""
                with found as (select id, email from accounts.account where email = any(@onDomain)),
                     kept as (insert into accounts.claim_draft_account (draft_id, account_id) select @id, id from found)
                select email from found
                """, new { id, onDomain }, transaction)).ToHashSet();
            var bad = file.BadLines
                .Concat(file.Emails.Where(e => e.Key.Domain != domain.Name)
                    .Select(e => e.Value.Refuse(new NotOnDomain().Sentence)))
                .Concat(file.Emails.Where(e => e.Key.Domain == domain.Name && !found.Contains(e.Key.Value))
                    .Select(e => e.Value.Refuse(new NoSuchAccount().Sentence)))
                .OrderBy(b => b.Line).ToArray();
            await connection
                .ExecuteAsync("update accounts.claim_draft set bad_line_count = @count, bad_lines = @lines::jsonb where id = @id",
                new { id, count = (long)bad.Length, lines = KernelJson.Write(bad.Take(ShownBadLines)) }, transaction);
        }
        await transaction.CommitAsync(ct);
        return new(id);
    }

    /// <summary>Null for an unknown, foreign or outdated draft.</summary>
    public async Task<ClaimDraft?> Of(OrganizationId organization, ClaimDraftId draft)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<ClaimDraft>("""
            select id, organization_id as organizationId, domain_id as domainId, domain, from_file as fromFile, unclaim, automatic, job_id
              as jobId, bad_line_count as badLineCount, bad_lines::text as badLines,
              not_on_domain as notOnDomain
            from accounts.claim_draft where id = @id and organization_id = @organization and made_at > @old
            """, new { id = draft.Value, organization = organization.Value, old = (clock.GetUtcNow() - Life).UtcDateTime });
    }

    public async Task Set(ClaimDraftId draft, bool automatic)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("update accounts.claim_draft set automatic = @automatic where id = @id",
            new { id = draft.Value, automatic });
    }

    public async Task Started(ClaimDraftId draft, JobId job)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("update accounts.claim_draft set job_id = @job where id = @id",
            new { id = draft.Value, job = job.Value });
    }
}

sealed record ClaimDraft
{
    public Guid Id { get; init; }
    public Guid OrganizationId { get; init; }
    public Guid DomainId { get; init; }
    public string Domain { get; init; } = "";
    public bool FromFile { get; init; }
    public bool Unclaim { get; init; }
    public bool Automatic { get; init; }
    public Guid? JobId { get; init; }
    public long BadLineCount { get; init; }
    public string BadLines { get; init; } = "[]";
    public long NotOnDomain { get; init; }

    public ClaimDraftId DraftId => new(Id);

    /// <summary>What the job will say of an account: preview, export and run all ask the account itself.</summary>
    public Outcome<AccountFact> Decide(Account account, DateTimeOffset now) => Unclaim
        ? account.Unclaim(new(OrganizationId), exclude: true, now)
        : account.Claim(new(OrganizationId), Domain, evenIfExcluded: FromFile, now, unnamed: !FromFile);
}
