using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>
/// Pages that require a fresh proof (<see cref="StepUp"/>) ask for the password again when the last one is too old: before the form is
/// shown, and once more when the form stood open for too long. Then the question comes with everything that was typed, and its answer
/// sends both on together, so that nothing is lost; files alone are chosen again there, because a browser hands them over once. The gate
/// has decided already whether the visitor may do it at all.
/// </summary>
sealed class FreshProof(IMediator mediator, TimeProvider clock, IModelMetadataProvider metadata, ITempDataDictionaryFactory kept)
    : IAsyncPageFilter
{
    /// <summary>The field of the question, beside the fields of the form that waits.</summary>
    public const string Field = "itIsMe.password";

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        // An error page is sent the same form once more, and asks nobody.
        if (BadInput.IsErrorPage(http) || http.Visitor() is not { } visitor || !ProofAge.IsTooOld(visitor, clock))
        {
            await next();
            return;
        }
        var looks = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        var required = http.GetEndpoint()?.Metadata.GetMetadata<RequiresAttribute>();
        if (looks && required is { Fresh: true })
        {
            context.Result = new LocalRedirectResult(ProofAge.PathToQuestion(http));
            return;
        }
        Refusal? refusal = null;
        var sent = !looks && http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        if (sent.TryGetValue(Field, out var password))
        {
            var proved = await mediator.Send(new ProveItIsYou(visitor, password, http.Origin()), CancellationToken.None);
            if (proved.Granted)
            {
                http.Features.Set(visitor with { ProvedAt = clock.GetUtcNow() });
                await next();
                return;
            }
            refusal = proved.Refusal;
        }
        else if (looks || required is not ({ Fresh: true } or { FreshToSend: true }))
        {
            // Whatever the page has not said: a command of the list asks for itself.
            var carriedOut = await next();
            if (carriedOut.Exception is not ProofNeeded) return;
            carriedOut.ExceptionHandled = true;
            carriedOut.Result = looks ? new LocalRedirectResult(ProofAge.PathToQuestion(http)) : await Question(http, visitor, null);
            return;
        }
        context.Result = await Question(http, visitor, refusal);
    }

    async Task<ViewResult> Question(HttpContext http, Visitor visitor, Refusal? refusal)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        http.Response.StatusCode = refusal is null ? StatusCodes.Status403Forbidden : StatusCodes.Status422UnprocessableEntity;
        var provider = await mediator.Send(new ReadProviderOf(visitor.Account), http.RequestAborted);
        var question = new ItIsYouQuestion(http.Request.Path + http.Request.QueryString, refusal?.Sentence,
            [.. form.Where(f => f.Key != Field && f.Key != "__RequestVerificationToken")
                .SelectMany(f => f.Value.Select(v => (f.Key, v ?? "")))])
        {
            Provider = provider is { } organization ? SingleSignOnEndpoints.PathTo(organization, "/account", "proof") : null,
            Files = [.. from file in form.Files
                where file.FileName.Length > 0 group file.FileName by file.Name into f select (f.Key, f.ToArray())],
        };
        return new ViewResult
        {
            ViewName = "/Pages/Account/ItIsYouQuestion.cshtml",
            StatusCode = http.Response.StatusCode,
            ViewData = new ViewDataDictionary<ItIsYouQuestion>(metadata, new ModelStateDictionary()) { Model = question },
            TempData = kept.GetTempData(http),
        };
    }
}

/// <summary>The question for the password in front of a form that was sent too late.</summary>
/// <param name="Action">Where the form goes on to.</param>
/// <param name="Fault">Why the last answer was not taken; null at first.</param>
/// <param name="Waiting">What was typed, as it was sent.</param>
public sealed record ItIsYouQuestion(string Action, string? Fault, IReadOnlyList<(string Name, string Value)> Waiting)
{
    /// <summary>Set where the organization's identity provider asks instead: the path on the way there, for a tab of its own, so that the
    /// form stays as it is.</summary>
    public string? Provider { get; init; }

    /// <summary>Fields and names of files that came along. A browser hands a file over once, so the question has the field again.</summary>
    public IReadOnlyList<(string Field, string[] Names)> Files { get; init; } = [];
}
