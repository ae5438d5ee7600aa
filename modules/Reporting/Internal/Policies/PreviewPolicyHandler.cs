namespace DirectoryPlatform.Reporting.Internal.Policies;

sealed class PreviewPolicyHandler(NpgsqlDataSource database, AccountConditions conditions, IMediator mediator, TimeProvider clock)
    : IRequestHandler<PreviewPolicy, Outcome<PolicyPreview>>
{
    static bool AsksForSetUp(PolicyDraft settings) => settings is { TwoStepMandatory: true, SingleSignOn: false };

    public async Task<Outcome<PolicyPreview>> Handle(PreviewPolicy query, CancellationToken ct)
    {
        if (query.Settings.Refusal is { } refusal) return refusal;
        var policy = await mediator.Send(new ReadPolicy(query.Organization, query.Policy), ct);
        if (!policy.Granted) return policy.Refusal;
        var (now, then, at) = (policy.Value.Settings, query.Settings, clock.GetUtcNow());
        if (then.SingleSignOn && (await mediator.Send(new ReadIdentityProvider(query.Organization), ct)).InForce is null)
            return new ProviderMissing();
        await using var command = database.CreateCommand();
        string Value(object value) => command.Parameters.Place(value);
        string Expired(PolicyDraft settings) => settings.PasswordExpiryDays is { } days
            ? $"p.set_at < {Value((at - TimeSpan.FromDays(days)).UtcDateTime)}"
            : "false";
        var where = await conditions.Where(new(State: AccountState.Active, Policy: query.Policy.Value), query.Organization, at,
            command.Parameters, ct);
        command.CommandText = $"""
            select count(*), count(*) filter (where not two_step), count(*) filter (where expired), count(*) filter (where would_expire),
              count(*) filter (where tokens) from (
              select exists (select from security.v_two_step t where t.account_id = a.id) as two_step, {Expired(now)} as expired,
                {Expired(then)} as would_expire,
                exists (select from security.v_api_token t where t.account_id = a.id and t.revoked_at is null
                  and t.expires_at > {Value(at.UtcDateTime)}) as tokens
              from accounts.v_listed a left join security.v_password p on p.account_id = a.id where {where}) x
            """;
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var (all, without, tokens) = (row.GetInt64(0), row.GetInt64(1), row.GetInt64(4));
        return new PolicyPreview(all, new(AsksForSetUp(now) ? without : 0, AsksForSetUp(then) ? without : 0),
            new(now.SingleSignOn ? 0 : row.GetInt64(2), then.SingleSignOn ? 0 : row.GetInt64(3)),
            new(now.ApiTokens ? 0 : tokens, then.ApiTokens ? 0 : tokens))
        { AtProvider = new(now.SingleSignOn ? all : 0, then.SingleSignOn ? all : 0) };
    }
}
