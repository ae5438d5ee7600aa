namespace DirectoryPlatform.Web.Api.Management;

/// <summary>Turns refusals into the keys that clients of the User management API know.</summary>
static class UserFaults
{
    /// <summary>Of whatever is asked of an account. What the organization does not manage is answered as what does not exist.</summary>
    public static Task Refuse(HttpContext http, Refusal refusal) => Later.StatusOf(refusal) is { } status
        ? ApiAnswer.RefuseFor(http, status, refusal)
        : Lasting(http, refusal).ExecuteAsync(http);

    static ApiResult Lasting(HttpContext http, Refusal refusal) => refusal switch
    {
        Kernel.Outcomes.NotFound or NotManagedHere => NotFound("accountNotFound"),
        BadBody bad => Of(bad.Status, "bodyParseFailure", null, bad.Sentence),
        InvalidValue invalid => Violated([(invalid.Field, "validCharacters")], invalid.Sentence),
        TextTooLong text => Violated([(text.Field, "maxLength")], text.Sentence),
        Yourself or OwnedByProvider or AdminOutOfReach or AdminElsewhere =>
            Of(StatusCodes.Status403Forbidden, "forbidden.action", new Rule(false, new(ReasonOf(refusal))), refusal.Sentence),
        _ => Of(StatusCodes.Status409Conflict, "conflict.lifecycleErrors",
            new LifecycleErrors(refusal.Sentence, Guid.Parse((string)http.GetRouteValue("accountId")!),
                [new(refusal.Code, refusal.Sentence)]), refusal.Sentence),
    };

    public static ApiResult NotFound(string key) =>
        Of(StatusCodes.Status404NotFound, key, null, "There is nothing at this address, or you do not have access to it.");

    public static ApiResult Violated(IReadOnlyList<(string Field, string Violation)> each, string sentence) => Of(
        StatusCodes.Status400BadRequest, "fieldConstraintsViolated",
        new Violations([.. each.GroupBy(e => e.Field)
            .Select(f => new FieldViolations(f.Key, [.. f.Select(v => new Violation(v.Violation)).Distinct()]))]), sentence);

    public static ApiResult Of(int status, string key, object? context, string sentence) =>
        ApiResult.Plain(new UserFault(key, context) { Message = sentence }, status);

    /// <summary>Why something is restricted, in the words of that API. What its words do not know is administrative.</summary>
    public static string ReasonOf(Refusal refusal) => refusal switch
    {
        Yourself => "administrative.notMyself",
        OwnedByProvider => "externalDirectory.scim",
        ManagedByOrganization => "managedAccount",
        _ => "administrative",
    };

    sealed record Violations(IReadOnlyList<FieldViolations> FieldViolations);

    /// <param name="Field">Path of the member, such as "extended_profile.job_title".</param>
    sealed record FieldViolations(string Field,
        [property: System.Text.Json.Serialization.JsonPropertyName("violations")] IReadOnlyList<Violation> Each);

    sealed record Violation(string Key);

    sealed record LifecycleErrors(string Message, Guid AccountId, IReadOnlyList<LifecycleError> ErrorCodes);

    /// <param name="Code">Of the refusal; stable.</param>
    sealed record LifecycleError(string Code, string Message);
}

/// <summary>Whether something may be done, or a field be changed.</summary>
/// <param name="Reason">Null when it is allowed.</param>
sealed record Rule(bool Allowed, Reason? Reason)
{
    public static Rule Of(Refusal? refusal) => refusal is null ? new(true, null) : new(false, new(UserFaults.ReasonOf(refusal)));
}

sealed record Reason(string Key);
