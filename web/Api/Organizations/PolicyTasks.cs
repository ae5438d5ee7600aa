using System.Text.Json.Serialization;

namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>
/// Accounts are put under an authentication policy by their addresses, as the Control API has it: by a job, whose progress is asked for.
/// Who is none of the organization's managed accounts is told as a failure.
/// </summary>
static class PolicyTasks
{
    const string All = "/admin/control/v1/orgs/{orgId:guid}/auth-policy";

    /// <summary>As its action counts them.</summary>
    const string Moved = "movedToPolicy";

    public static void MapPolicyTasks(this IEndpointRouteBuilder app)
    {
        var manage = app.Requiring(Permission.ManagePolicies, ApiScope.PoliciesManage);
        manage.MapPost($"{All}/{{policyId:guid}}/add-users", Add);
        app.MapGet($"{All}/task/{{taskId:guid}}", Read).Requires(Permission.ManagePolicies, ApiScope.PoliciesRead);
    }

    static async Task<ApiResult> Add(ApiCall call, Guid policyId)
    {
        var body = await call.Body<Body>();
        if (!body.Granted) return body.Refusal;
        if (body.Value.Users is not { Count: > 0 and <= 10_000 } users
            || users.Any(u => string.IsNullOrWhiteSpace(u) || u.Any(char.IsControl)))
            return new InvalidValue("users", "Name 1 to 10,000 email addresses in users.");
        var policy = await call.Send(new ReadPolicy(call.Organization, new(policyId)));
        if (!policy.Granted) return policy.Refusal;
        var job = await ManyAtOnce.Begin(call, new PrepareBulkByList(call.Organization, ManyAccounts.MoveToPolicy,
            new([]) { Entries = users }, call.Origin)
        { Target = $"{policyId}" });
        if (!job.Granted) return job.Refusal;
        var link = call.Link($"/admin/control/v1/orgs/{call.Organization}/auth-policy/task/{job.Value}");
        call.Http.Response.Headers.Location = link;
        return ApiResult.Plain(new Begun($"{job.Value}", link), StatusCodes.Status202Accepted);
    }

    static async Task<ApiResult> Read(ApiCall call, Guid taskId)
    {
        var list = await call.Send(new ReadJobList(call.Organization, new(taskId)));
        if (list is not { Granted: true, Value: { Action: ManyAccounts.MoveToPolicy } of }) return new NotFound("task");
        return (await call.Send(new ReadJob(call.Organization.Value, new(taskId)))).Shown(job =>
        {
            var refused = job.Counts.Where(c => c.Key != Moved && c.Value > 0).ToList();
            // Beyond the first hundred, and all when the job is a day old.
            var unnamed = of.BadLineCount - of.BadLines.Count;
            return ApiResult.Plain(new Status(
                job.Ended ? 0 : Math.Max(0, job.Total - job.Done), job.Counts.GetValueOrDefault(Moved),
                of.BadLineCount + refused.Sum(r => r.Value),
                [
                    .. of.BadLines.GroupBy(b => b.Why).Select(g => new Failure([.. g.Select(b => b.Text)],
                        new(StatusCodes.Status404NotFound, "accountNotFound", g.Key))),
                    .. unnamed > 0
                        ? (Failure[])[new([], new(StatusCodes.Status404NotFound, "accountNotFound",
                            $"{unnamed.Of("entry", "entries")}, not listed here, did not match a managed account."))]
                        : [],
                    .. refused.Select(r => new Failure([], new(StatusCodes.Status409Conflict, r.Key,
                        $"{r.Value.Of("account was", "accounts were")} not moved."))),
                ]));
        });
    }

    sealed record Body(IReadOnlyList<string>? Users);

    sealed record Begun(string TaskId, string TaskLink);

    /// <param name="InProgressCount">Not looked at yet.</param>
    sealed record Status(long InProgressCount, long SuccessCount, long FailureCount, IReadOnlyList<Failure> FailureReasons);

    /// <param name="Emails">Of addresses that nobody was found for the first hundred, for a day; none for a reason that is counted.</param>
    sealed record Failure(IReadOnlyList<string> Emails, FailureDetails Details);

    sealed record FailureDetails([property: JsonPropertyName("status")] int Code, string Title, string Detail);
}
