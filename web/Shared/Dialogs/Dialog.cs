using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc.Filters;

namespace DirectoryPlatform.Web.Dialogs;

/// <summary>A page that can be asked for over another one: a link to it opens it in a dialog, where there is script.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OpensInDialogAttribute : Attribute;

/// <summary>The words of <c>dialog.js</c> and the server.</summary>
static class Dialog
{
    /// <summary>Sent with every request that a dialog makes.</summary>
    const string Sent = "X-Dialog";

    /// <summary>In place of a redirect, which no script can see: where it would lead, and whether that belongs into the dialog.</summary>
    const string Leads = "X-Dialog-Path", Stays = "X-Dialog-Stays";

    public static bool Asks(HttpRequest request) => request.Headers.ContainsKey(Sent);

    public static string Layout(HttpContext http) => Asks(http.Request) ? "/Pages/Shared/_Dialog.cshtml" : "/Pages/Shared/_Layout.cshtml";

    /// <summary>Redirects of what a dialog asked, so that the notice they leave is kept for the page that shows it.</summary>
    public sealed class Redirects(DialogPages pages) : IAlwaysRunResultFilter
    {
        public void OnResultExecuting(ResultExecutingContext context)
        {
            if (!Asks(context.HttpContext.Request) || PathOf(context.Result) is not { } path) return;
            var headers = context.HttpContext.Response.Headers;
            // A path alone would be taken for a file.
            headers[Leads] = UriHelper.Encode(new Uri(path, path.StartsWith('/') ? UriKind.Relative : UriKind.Absolute));
            if (pages.Has(path)) headers[Stays] = "true";
            context.Result = new StatusCodeResult(StatusCodes.Status204NoContent);
        }

        public void OnResultExecuted(ResultExecutedContext context) { }

        static string? PathOf(IActionResult result) => result switch
        {
            // One that is not local is left to the framework, which refuses it.
            LocalRedirectResult local => RedirectHttpResult.IsLocalUrl(local.Url) ? local.Url : null,
            RedirectResult other => other.Url,
            _ => null,
        };
    }
}
