using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Hygiene;
using DirectoryPlatform.Web.Pages.Account;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace DirectoryPlatform.Web.Permissions;

/// <summary>
/// Pages that require a fresh proof ask for the password again when the last one is too old: before the form is shown, and once more when the form stood open for too long. Then the question
/// comes with everything that was typed, and its answer sends both on together, so that nothing is lost. The gate has decided already whether the visitor may do it at all.
/// </summary>
sealed class FreshProof(IMediator mediator, TimeProvider clock, IModelMetadataProvider metadata, ITempDataDictionaryFactory kept) : IAsyncPageFilter
{
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(15);

    /// <summary>The field of the question, beside the fields of the form that waits.</summary>
    public const string Field = "itIsMe.password";

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()?.Metadata.GetMetadata<RequiresAttribute>() is not { Fresh: true } || http.Visitor() is not { } visitor || visitor.ProvedAt > clock.GetUtcNow() - Lasts)
        {
            await next();
            return;
        }
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            context.Result = new LocalRedirectResult($"/confirm-it-is-you?returnTo={Uri.EscapeDataString(http.Request.Path + http.Request.QueryString)}");
            return;
        }
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        Refusal? refusal = null;
        if (form.TryGetValue(Field, out var password))
        {
            var proved = await mediator.Send(new ProveItIsYou(visitor, password, http.Origin()), CancellationToken.None);
            if (proved.Granted)
            {
                await next();
                return;
            }
            refusal = proved.Refusal;
        }
        http.Response.StatusCode = refusal is null ? StatusCodes.Status403Forbidden : StatusCodes.Status422UnprocessableEntity;
        var provider = await mediator.Send(new ReadProviderOf(visitor.Account), http.RequestAborted);
        var question = new ItIsYouQuestion(http.Request.Path + http.Request.QueryString, refusal?.Sentence,
            [.. form.Where(f => f.Key != Field && f.Key != "__RequestVerificationToken").SelectMany(f => f.Value.Select(v => (f.Key, v ?? "")))])
        { Provider = provider is { } organization ? SingleSignOn.PathTo(organization, "/account", "proof") : null };
        context.Result = new ViewResult
        {
            ViewName = "/Pages/Account/ItIsYouQuestion.cshtml",
            StatusCode = http.Response.StatusCode,
            ViewData = new ViewDataDictionary<ItIsYouQuestion>(metadata, new ModelStateDictionary()) { Model = question },
            TempData = kept.GetTempData(http),
        };
    }
}
