using Microsoft.AspNetCore.WebUtilities;

namespace DirectoryPlatform.Web.Pages.Demo;

/// <summary>The demo's mailbox (SPEC R3). Bodies are shown as text, where only links to this installation can be followed, and as HTML at
/// an address of their own (<see cref="MailAsHtml"/>).</summary>
[Requires(Permission.Demo)]
public sealed class MailModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    public string? To { get; private set; }
    public ListPage<MailView> Mails { get; private set; } = ListPage<MailView>.Empty;

    /// <param name="at">A place in the list; one that is none is the first page, and the status says so.</param>
    public async Task OnGet(string? to, string? at)
    {
        To = string.IsNullOrWhiteSpace(to) ? null : to.Trim();
        var page = await Send(new ReadMailbox(To, at));
        if (!page.Granted) Response.StatusCode = StatusCodes.Status400BadRequest;
        Mails = (page.Granted ? page : await Send(new ReadMailbox(To))).Value;
    }

    public string At(string place) =>
        QueryHelpers.AddQueryString("/demo/mail", new Dictionary<string, string?> { ["to"] = To, ["at"] = place });

    /// <summary>The text cut at links that begin with the public address.</summary>
    public IEnumerable<(string Text, bool IsLink)> Pieces(string text)
    {
        var start = settings.PublicUrl.GetLeftPart(UriPartial.Authority) + "/";
        for (var at = 0; at < text.Length;)
        {
            var from = text.IndexOf(start, at, StringComparison.Ordinal);
            if (from < 0) from = text.Length;
            if (from > at) yield return (text[at..from], false);
            var to = from;
            while (to < text.Length && !char.IsWhiteSpace(text[to]) && text[to] is not ('>' or '"' or ')')) to++;
            if (to > from) yield return (text[from..to], true);
            at = to;
        }
    }
}
