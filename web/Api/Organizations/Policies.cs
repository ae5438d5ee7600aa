namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Authentication policies and who is in them (SPEC S5), beyond that API.</summary>
static class Policies
{
    const string All = $"{Orgs.V1}/authentication-policies", One = $"{All}/{{policyId:guid}}";

    public static void MapPolicies(this IEndpointRouteBuilder app)
    {
        app.MapGet(All, async (HttpContext http, IMediator mediator) => await OrganizationShape.Write(
            http, (await mediator.Send(new ReadPolicies(http.Organization()), http.RequestAborted)).Select(p => Shape(http, p)),
            new PageLinks(OrganizationShape.Here(http), null, null))).Requires(Permission.ManagePolicies, ApiScope.PoliciesRead);
        app.MapGet(One, (HttpContext http, IMediator mediator, Guid policyId) => Answer(http, mediator, policyId))
            .Requires(Permission.ManagePolicies, ApiScope.PoliciesRead);
        app.MapPost(All, Create).Requires(Permission.ManagePolicies, ApiScope.PoliciesManage);
        app.MapPut(One, Change).Requires(Permission.ManagePolicies, ApiScope.PoliciesManage);
        app.MapDelete(One, Delete).Requires(Permission.ManagePolicies, ApiScope.PoliciesManage);
        app.MapGet($"{One}/members", Members).Requires(Permission.ManagePolicies, ApiScope.PoliciesRead);
        app.MapPost($"{One}/members", Move).Requires(Permission.ManagePolicies, ApiScope.PoliciesManage);
    }

    static async Task Create(HttpContext http, IMediator mediator)
    {
        var body = await ApiBody.ReadLenient<Body>(http);
        var created = body.Granted
            ? await mediator.Send(new CreatePolicy(http.Organization(), body.Value.Over(PolicyDraft.Initial with { Name = null }),
                http.Origin()), CancellationToken.None)
            : body.Refusal;
        if (created.Granted) await Answer(http, mediator, created.Value.Value, StatusCodes.Status201Created);
        else await OrganizationShape.Refuse(http, created.Refusal);
    }

    /// <summary>What is left out stays. A version, where one is given, refuses a stale change.</summary>
    static async Task Change(HttpContext http, IMediator mediator, Guid policyId)
    {
        var body = await ApiBody.ReadLenient<Body>(http);
        var policy = await mediator.Send(new ReadPolicy(http.Organization(), new(policyId)), CancellationToken.None);
        var refusal = body.Refusal ?? (policy.Granted
            ? (await mediator.Send(new ChangePolicy(http.Organization(), new(policyId), body.Value.Version ?? policy.Value.Version,
                body.Value.Over(policy.Value.Settings), http.Origin()), CancellationToken.None)).Refusal : policy.Refusal);
        if (refusal is null) await Answer(http, mediator, policyId);
        else await OrganizationShape.Refuse(http, refusal);
    }

    static async Task Delete(HttpContext http, IMediator mediator, Guid policyId)
    {
        var refusal =
            (await mediator.Send(new DeletePolicy(http.Organization(), new(policyId), http.Origin()), CancellationToken.None)).Refusal;
        await (refusal is null ? ApiAnswer.Nothing(http) : OrganizationShape.Refuse(http, refusal));
    }

    static async Task Members(HttpContext http, IMediator mediator, Guid policyId)
    {
        var policy = await mediator.Send(new ReadPolicy(http.Organization(), new(policyId)), http.RequestAborted);
        if (policy.Granted) await ManagedAccounts.Page(http, mediator, new ManagedAccountFilter(Policy: policyId), counted: false);
        else await OrganizationShape.Refuse(http, policy.Refusal);
    }

    /// <summary>All of them or none.</summary>
    static async Task Move(HttpContext http, IMediator mediator, Guid policyId)
    {
        var body = await ApiBody.ReadLenient<MembersBody>(http);
        var moved = body.Refusal
            ?? (body.Value.AccountIds is not { Count: > 0 and <= 10_000 } ids ? new InvalidValue("accountIds", "Name 1 to 10,000 accounts.")
            : await mediator.Send(new MoveToPolicy(http.Organization(), new(policyId), [.. ids.Select(id => new AccountId(id))],
                http.Origin()), CancellationToken.None));
        if (moved.Granted) await OrganizationShape.Write(http, new { moved = moved.Value });
        else await OrganizationShape.Refuse(http, moved.Refusal);
    }

    static async Task Answer(HttpContext http, IMediator mediator, Guid id, int status = StatusCodes.Status200OK)
    {
        var policy = await mediator.Send(new ReadPolicy(http.Organization(), new(id)), CancellationToken.None);
        if (policy.Granted) await OrganizationShape.Write(http, Shape(http, policy.Value), status: status);
        else await OrganizationShape.Refuse(http, policy.Refusal);
    }

    static Resource Shape(HttpContext http, PolicyView policy) => new($"{policy.Id}", "authenticationPolicies", new Attributes(
        policy.Settings.Name ?? "", policy.IsDefault, policy.Version, policy.Members, policy.Settings.Billable,
        policy.Settings.TwoStepMandatory, policy.Settings.Password, policy.Settings.PasswordExpiryDays,
        policy.Settings.PasswordReuse, policy.Settings.IdleMinutes, policy.Settings.LifeDays, policy.Settings.ApiTokens),
            new SelfLink(OrganizationShape.Link(http, $"/admin/v1/orgs/{http.Organization()}/authentication-policies/{policy.Id}")));

    /// <param name="Members">Left out for the default policy, which has everybody else.</param>
    sealed record Attributes(
        string Name, bool IsDefault, long Version, long? Members, bool Billable, bool TwoStepMandatory, PasswordStrength PasswordStrength,
        int? PasswordExpiryDays, int PasswordReuse, int IdleMinutes, int LifeDays, bool ApiTokens);

    /// <param name="PasswordExpiryDays">0 for never.</param>
    sealed record Body(
        string? Name, bool? Billable, bool? TwoStepMandatory, string? PasswordStrength, int? PasswordExpiryDays, int? PasswordReuse,
        int? IdleMinutes, int? LifeDays, bool? ApiTokens, long? Version)
    {
        public PolicyDraft Over(PolicyDraft before) => new(
            Name ?? before.Name, Billable ?? before.Billable, TwoStepMandatory ?? before.TwoStepMandatory,
            PasswordStrength is null
                ? before.Password
                : Enum.TryParse<PasswordStrength>(PasswordStrength, ignoreCase: true, out var strength)
                && !char.IsAsciiDigit(PasswordStrength[0]) ? strength : (PasswordStrength)(-1),
            PasswordExpiryDays is 0 ? null : PasswordExpiryDays ?? before.PasswordExpiryDays, PasswordReuse ?? before.PasswordReuse,
            IdleMinutes ?? before.IdleMinutes, LifeDays ?? before.LifeDays, ApiTokens ?? before.ApiTokens);
    }

    sealed record MembersBody(IReadOnlyList<Guid>? AccountIds);
}
