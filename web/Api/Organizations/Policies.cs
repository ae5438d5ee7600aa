namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Authentication policies and who is in them (SPEC S5), beyond that API.</summary>
static class Policies
{
    const string All = $"{Orgs.V1}/authentication-policies", One = $"{All}/{{policyId:guid}}";

    public static void MapPolicies(this IEndpointRouteBuilder app)
    {
        var read = app.Requiring(Permission.ManagePolicies, ApiScope.PoliciesRead);
        read.MapGet(All, async (ApiCall call) =>
            call.PageOf(await call.Send(new ReadPolicies(call.Organization)), p => $"{p.Id}")
                .Shown(page => ApiResult.Of(page.Rows.Select(p => Shape(call, p)), call.Links(page))));
        read.MapGet(One, (ApiCall call, Guid policyId) => Answer(call, policyId));
        read.MapGet($"{One}/members", Members);
        var manage = app.Requiring(Permission.ManagePolicies, ApiScope.PoliciesManage);
        manage.MapPost(All, Create);
        manage.MapPut(One, Change);
        manage.MapDelete(One, async (ApiCall call, Guid policyId) =>
            (await call.Execute(new DeletePolicy(call.Organization, new(policyId), call.Origin))).Done());
        manage.MapPost($"{One}/members", Move);
    }

    static async Task<ApiResult> Create(ApiCall call)
    {
        var body = await call.Body<Body>();
        var created = await body.Then(b => call.Execute(
            new CreatePolicy(call.Organization, b.Over(PolicyDraft.Initial with { Name = null }), call.Origin)));
        return created.Granted ? await Answer(call, created.Value.Value, StatusCodes.Status201Created) : created.Refusal;
    }

    /// <summary>What is left out stays. A version, where one is given, refuses a stale change.</summary>
    static async Task<ApiResult> Change(ApiCall call, Guid policyId)
    {
        var body = await call.Body<Body>();
        if (!body.Granted) return body.Refusal;
        var policy = await call.Execute(new ReadPolicy(call.Organization, new(policyId)));
        var changed = await policy.Then(p => call.Execute(new ChangePolicy(call.Organization, new(policyId),
            body.Value.Version ?? p.Version, body.Value.Over(p.Settings), call.Origin)));
        return changed.Granted ? await Answer(call, policyId) : changed.Refusal;
    }

    static async Task<ApiResult> Members(ApiCall call, Guid policyId)
    {
        var policy = await call.Send(new ReadPolicy(call.Organization, new(policyId)));
        return policy.Granted
            ? await ManagedAccounts.Page(call, new ManagedAccountFilter(Policy: policyId), counted: false)
            : policy.Refusal;
    }

    /// <summary>All of them or none.</summary>
    static async Task<ApiResult> Move(ApiCall call, Guid policyId)
    {
        var body = await call.Body<MembersBody>();
        if (!body.Granted) return body.Refusal;
        if (body.Value.AccountIds is not { Count: > 0 and <= 10_000 } ids)
            return new InvalidValue("accountIds", "Name 1 to 10,000 accounts.");
        return (await call.Execute(
            new MoveToPolicy(call.Organization, new(policyId), [.. ids.Select(id => new AccountId(id))], call.Origin)))
            .Shown(moved => ApiResult.Of(new { moved }));
    }

    static async Task<ApiResult> Answer(ApiCall call, Guid id, int status = StatusCodes.Status200OK) =>
        (await call.Execute(new ReadPolicy(call.Organization, new(id)))).Shown(policy => ApiResult.Of(Shape(call, policy), status: status));

    static Resource Shape(ApiCall call, PolicyView policy) => new($"{policy.Id}", "authenticationPolicies", new Attributes(
        policy.Settings.Name ?? "", policy.IsDefault, policy.Version, policy.Members, policy.Settings.Billable,
        policy.Settings.TwoStepMandatory, policy.Settings.Password, policy.Settings.PasswordExpiryDays,
        policy.Settings.PasswordReuse, policy.Settings.IdleMinutes, policy.Settings.LifeDays, policy.Settings.ApiTokens),
        new SelfLink(call.LinkOf($"/authentication-policies/{policy.Id}")));

    /// <param name="Members">Left out for the default policy, which has everybody else.</param>
    sealed record Attributes(
        string Name, bool IsDefault, long Version, long? Members, bool Billable, bool TwoStepMandatory, PasswordStrength PasswordStrength,
        int? PasswordExpiryDays, int PasswordReuse, int IdleMinutes, int LifeDays, bool ApiTokens);

    /// <param name="PasswordExpiryDays">0 for never.</param>
    sealed record Body(
        string? Name, bool? Billable, bool? TwoStepMandatory, string? PasswordStrength, int? PasswordExpiryDays, int? PasswordReuse,
        int? IdleMinutes, int? LifeDays, bool? ApiTokens, long? Version)
    {
        /// <summary>What this API does not know of a policy stays as well, such as single sign-on.</summary>
        public PolicyDraft Over(PolicyDraft before) => before with
        {
            Name = Name ?? before.Name,
            Billable = Billable ?? before.Billable,
            TwoStepMandatory = TwoStepMandatory ?? before.TwoStepMandatory,
            Password = PasswordStrength is null
                ? before.Password
                : EnumNames.Read<PasswordStrength>(PasswordStrength) ?? (PasswordStrength)(-1),
            PasswordExpiryDays = PasswordExpiryDays is 0 ? null : PasswordExpiryDays ?? before.PasswordExpiryDays,
            PasswordReuse = PasswordReuse ?? before.PasswordReuse,
            IdleMinutes = IdleMinutes ?? before.IdleMinutes,
            LifeDays = LifeDays ?? before.LifeDays,
            ApiTokens = ApiTokens ?? before.ApiTokens,
        };
    }

    sealed record MembersBody(IReadOnlyList<Guid>? AccountIds);
}
