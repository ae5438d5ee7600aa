namespace DirectoryPlatform.Web.Permissions;

/// <summary>
/// The last door before each command of <see cref="StepUp.Rows"/>: sent from a browser whose proof is too old it is not carried out,
/// whatever its page has declared or forgotten. A page then asks for the password (<c>FreshProof</c>); any other route answers 403.
/// Programs are asked for their scope instead.
/// </summary>
sealed class StepUpGuard<TRequest, TResponse>(IHttpContextAccessor http, TimeProvider clock) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public Task<TResponse> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<TResponse> next) =>
        http.HttpContext?.Visitor() is { } visitor && ProofAge.IsTooOld(visitor, clock) ? throw new ProofNeeded() : next();
}

/// <summary>The password has to be shown again first.</summary>
sealed class ProofNeeded() : BadHttpRequestException("Confirm it’s you first.", StatusCodes.Status403Forbidden);

static class StepUpGuards
{
    /// <summary>One before each listed command, and none before any other.</summary>
    public static void AddStepUp(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        foreach (var command in StepUp.Rows.SelectMany(r => r.Commands))
        {
            var request = command.GetInterfaces().Single(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>));
            Type[] types = [command, request.GenericTypeArguments[0]];
            services.AddTransient(typeof(IPipelineBehavior<,>).MakeGenericType(types), typeof(StepUpGuard<,>).MakeGenericType(types));
        }
    }
}

/// <summary>How old the last proof by password may be where a fresh one is asked for (SPEC S11), and where it is asked for again.</summary>
static class ProofAge
{
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(15);

    /// <summary>Whether a browser's last proof is too old; programs have none.</summary>
    public static bool IsTooOld(Visitor visitor, TimeProvider clock) =>
        visitor is { Means: "web" } && !(visitor.ProvedAt > clock.GetUtcNow() - Lasts);

    /// <summary>Where a page or a download that is only looked at asks; the answer leads back to it.</summary>
    public static string PathToQuestion(HttpContext http) =>
        $"/confirm-it-is-you?returnTo={Uri.EscapeDataString(http.Request.Path + http.Request.QueryString)}";
}
