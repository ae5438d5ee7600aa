using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DirectoryPlatform.Web.Hygiene;

/// <summary>Lets the 400 page tell a form without a valid token from other bad requests.</summary>
sealed class OutOfDateForms : IAlwaysRunResultFilter
{
    static readonly object Mark = new();

    public static bool IsAtFault(HttpContext http) => http.Items.ContainsKey(Mark);

    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is IAntiforgeryValidationFailedResult) context.HttpContext.Items[Mark] = true;
    }

    public void OnResultExecuted(ResultExecutedContext context) { }
}

/// <summary>A page asked by a method that it has no handler for would be shown without its data; it is refused instead.</summary>
sealed class UnknownMethods : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context) { }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (context.HandlerMethod is null) context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context) { }
}
