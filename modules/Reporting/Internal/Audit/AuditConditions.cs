namespace DirectoryPlatform.Reporting.Internal.Audit;

/// <summary>Which rows of <c>kernel.v_audit_entry</c> under the alias <c>e</c> a filter means.</summary>
static class AuditConditions
{
    /// <summary>A filter whose addresses are ids, and whose job is the time in which it ran.</summary>
    internal sealed record Asked(AuditFilter By, Guid[]? Actor, Guid[]? Person, Guid[]? Either, (DateTime From, DateTime To)? Job,
        bool Folded);

    static readonly IReadOnlyList<ListFilter<Asked>> Filters =
    [
        new("actor", (f, value) => f.Actor is { } actor ? Is("e.actor_id", actor, value) : null),
        new("person", (f, value) => f.Person is { } person ? Is("e.subject_id", person, value) : null),
        new("either", (f, value) => f.Either is { } either ? $"({Is("e.actor_id", either, value)} or {Is("e.subject_id", either, value)})"
            : null),
        new("action", (f, value) => f.By.Actions switch
        {
            null => null,
            _ when f.Folded => Folded(value(f.By.Actions.ToArray())),
            [var one] => $"e.action = {value(one)}",
            var several => $"e.action = any({value(several.ToArray())})",
        }),
        new("from", (f, value) => f.By.From is { } from ? $"e.at >= {value(from.UtcDateTime)}" : null),
        new("to", (f, value) => f.By.To is { } to ? $"e.at < {value(to.UtcDateTime)}" : null),
        // The time bounds what is read: most have no job.
        new("job", (f, value) => f.Job is { } ran
            ? $"e.job_id = {value(f.By.Job!.Value)} and e.at >= {value(ran.From)} and e.at <= {value(ran.To)}" : null),
        // As the indexes of 022_audit_rows.sql have it.
        new("folded", (f, _) => f.Folded ? "(e.job_id is null or e.subject_id = e.job_id)" : null),
    ];

    /// <param name="folded">A job's entries count as its beginning, unless the filter asks for what was done to one thing, or for a job's.
    /// </param>
    public static async Task<ListRows> Rows(NpgsqlDataSource database, OrganizationId organization, AuditFilter filter,
        NpgsqlParameterCollection parameters, CancellationToken ct, bool folded = false)
    {
        var asked = new Asked(filter, await IdsOf(database, organization, Several(filter.Actor, filter.Actors), ct),
            await IdsOf(database, organization, Several(filter.Person), ct),
            await IdsOf(database, organization, Several(filter.Either), ct),
            await RunOf(database, organization, filter.Job, ct), folded && filter is { Person: null, Either: null, Job: null });
        return new("kernel.v_audit_entry e",
            $"e.organization_id = {parameters.Place(organization.Value)} and {Filters.Where(asked, parameters)}");
    }

    /// <summary>Rows of these kinds, and the beginnings of jobs that an entry of theirs is of: one look into the index of
    /// 023_audit_jobs.sql for each. In its order, because otherwise a job's many entries promise that any way finds one soon.</summary>
    static string Folded(string actions) => $"""
        (e.action = any({actions}) or e.action = '{KernelActions.JobBegun}' and (select true from kernel.v_audit_entry t
          where t.job_id = e.subject_id and t.action = any({actions}) and t.organization_id = e.organization_id
          order by t.job_id, t.action limit 1))
        """;

    static string Is(string column, Guid[] ids, Func<object, string> value) =>
        ids is [var one] ? $"{column} = {value(one)}" : $"{column} = any({value(ids)})";

    /// <summary>Nodes' clocks differ by less.</summary>
    const string Slack = "1 minute";

    /// <summary>An address that nobody has stands for nobody, in whose name there are no entries: the answer tells no one who has an
    /// account. Who had it once is found where this organization's own log says so (SPEC L4); an erasure takes that along.</summary>
    static async Task<Guid[]?> IdsOf(NpgsqlDataSource database, OrganizationId organization, IReadOnlyList<string>? who,
        CancellationToken ct)
    {
        if (who is null) return null;
        var ids = new List<Guid>();
        var emails = new HashSet<string>();
        foreach (var one in who)
            if (Guid.TryParse(one, out var id)) ids.Add(id);
            else if (EmailAddress.Parse(one) is { Granted: true, Value: var address }) emails.Add(address.Value);
        if (emails.Count > 0)
            ids.AddRange(await database.Rows<Guid>("""
                select f.id from unnest(@emails) x(email) cross join lateral (
                  select id from accounts.v_account where email = x.email
                  union select subject_id from kernel.v_audit_entry
                    where personal->'before'->>'email' = x.email and organization_id = @organization
                  limit 20) f
                """, new { emails = emails.ToArray(), organization = organization.Value }, ct));
        return ids.Count == 0 ? [Guid.Empty] : [.. ids.Distinct()];
    }

    static IReadOnlyList<string>? Several(string? one, IReadOnlyList<string>? several = null) =>
        one is null ? several : [one, .. several ?? []];

    static async Task<(DateTime, DateTime)?> RunOf(NpgsqlDataSource database, OrganizationId organization, Guid? job, CancellationToken ct)
    {
        if (job is null) return null;
        var found = await database.Rows<(DateTime From, DateTime To)>($"""
            select asked_at - interval '{Slack}', coalesce(ended_at + interval '{Slack}', asked_at + interval '10 years') from kernel.v_job
            where id = @job and organization_id = @organization
            """, new { job, organization = organization.Value }, ct);
        return found is [var ran] ? ran : (DateTime.UnixEpoch, DateTime.UnixEpoch);
    }
}
