using DirectoryPlatform.Kernel.Mail;

namespace DirectoryPlatform.Web.Pages.Demo;

/// <summary>An email of the demo as its reader would see it; the mailbox shows the text that goes with it.</summary>
static class MailAsHtml
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/demo/mail/{mailId:guid}.html",
        static async (Guid mailId, IMediator mediator, CancellationToken ct) =>
            await mediator.Send(new ReadMail(mailId), ct) is { Granted: true, Value.Html: var html }
                ? Results.Content(html, "text/html; charset=utf-8")
                : Results.NotFound()).Requires(Permission.Demo).WithMetadata(OwnContentPolicy.OfMail);
}
