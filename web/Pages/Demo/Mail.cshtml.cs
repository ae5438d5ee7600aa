namespace DirectoryPlatform.Web.Pages.Demo;

/// <summary>The demo's mailbox (SPEC R3). Bodies are shown as text; only links to this installation can be followed.</summary>
[Requires(Permission.Demo)]
public sealed class MailModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    public string? To { get; private set; }
    public IReadOnlyList<MailView> Mails { get; private set; } = [];

    public async Task OnGet(string? to)
    {
        To = string.IsNullOrWhiteSpace(to) ? null : to.Trim();
        Mails = await Send(new ReadMailbox(To));
    }

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
