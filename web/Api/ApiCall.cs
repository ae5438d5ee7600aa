using System.Buffers;
using DirectoryPlatform.Web.Api.Document;
using DirectoryPlatform.Web.Api.Organizations;

namespace DirectoryPlatform.Web.Api;

/// <summary>What a program asks with an API key (SPEC P1), as routes take it: the gate has seen to it that there is one.</summary>
sealed class ApiCall(HttpContext http, IMediator mediator)
{
    /// <summary>SPEC M1; a client that asks for none gets what that API gives.</summary>
    public const int MostOnPage = 1_000, UsualOnPage = 100;

    static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-_.");

    (Asked Asked, string? At)? _read;
    string? _authority;

    public static ValueTask<ApiCall?> BindAsync(HttpContext http) =>
        ValueTask.FromResult<ApiCall?>(new(http, http.RequestServices.GetRequiredService<IMediator>()));

    public HttpContext Http => http;
    public IMediator Mediator => mediator;

    /// <summary>Whose key it is.</summary>
    public OrganizationId Organization => http.Visitor()!.Key!.Organization;

    /// <summary>In whose name the key acts.</summary>
    public AccountId Admin => http.Visitor()!.Account;

    public Origin Origin => http.Origin();

    public Task<T> Send<T>(IRequest<T> request) => mediator.Send(request, http.RequestAborted);

    /// <summary>Carried through even when the connection breaks: the answer is lost, nothing is half done.</summary>
    public Task<T> Execute<T>(IRequest<T> request) => mediator.Send(request, CancellationToken.None);

    public Task<Outcome<T>> Body<T>(bool mayBeMissing = false) where T : class => ApiBody.ReadLong<T>(http, mayBeMissing);

    /// <summary>What the query says, and a search's body after <see cref="Search"/>.</summary>
    public Asked Asked => Read.Asked;

    /// <summary>Where the page of a list begins: the list's own cursor.</summary>
    public string? Cursor => Read.At;

    /// <summary>The same as it was sent.</summary>
    public string? CursorSent { get; private set; }

    public int Size => (Read.Asked.Text(Parameter.Limit) ?? Read.Asked.Text(Parameter.PageSize)) is { } size
        ? int.Parse(size, CultureInfo.InvariantCulture)
        : UsualOnPage;

    /// <summary>For searches: what the body says takes the place of the query.</summary>
    public async Task<Refusal?> Search()
    {
        var body = await Body<Dictionary<string, JsonElement>>(mayBeMissing: true);
        var asked = body.Granted ? Asked.OfBody(DeclaredRoutes.Operation(http), body.Value) : body.Refusal;
        if (asked.Granted) _read = Open(asked.Value);
        return asked.Refusal;
    }

    (Asked Asked, string? At) Read => _read ??= Open(http.Features.Get<Asked>() ?? Asked.Nothing);

    (Asked Asked, string? At) Open(Asked asked)
    {
        CursorSent = asked.Text(Parameter.Cursor);
        var operation = DeclaredRoutes.Operation(http);
        return CursorSent is null || operation.CursorsLast ? (asked, CursorSent)
            : http.RequestServices.GetRequiredService<ApiCursors>().Open(operation, Organization, asked, CursorSent);
    }

    /// <summary>A cursor to be given out.</summary>
    public string? Sealed(string? at) => at is null ? null
        : http.RequestServices.GetRequiredService<ApiCursors>().Seal(DeclaredRoutes.Operation(http), Organization, Asked, at);

    /// <summary>A page of what is short and read whole.</summary>
    /// <param name="key">Of a row, by which the next page finds its place; short, and different for each.</param>
    public Outcome<ListPage<T>> PageOf<T>(IEnumerable<T> all, Func<T, string> key)
    {
        var rows = all.ToList();
        var begin = Cursor is null ? 0 : rows.FindIndex(r => key(r) == Cursor) + 1;
        if (Cursor is not null && begin == 0) return new BrokenCursor();
        var page = rows.Skip(begin).Take(Size).ToList();
        return new ListPage<T>(page, begin + page.Count < rows.Count ? key(page[^1]) : null);
    }

    /// <summary>Absolute, under the installation's own address and never the request's host.</summary>
    /// <summary>An address of this installation. A page has two for each row, and most are plain: those are not taken apart.</summary>
    public string Link(string path) => path.AsSpan().ContainsAnyExcept(Plain) || path.Contains("/.", StringComparison.Ordinal)
        ? new Uri(PublicUrl, path).AbsoluteUri
        : (_authority ??= PublicUrl.GetLeftPart(UriPartial.Authority)) + path;

    Uri PublicUrl => http.RequestServices.GetRequiredService<WebSettings>().PublicUrl;

    /// <summary>Of something of the organization: "/domains/…".</summary>
    public string LinkOf(string path) => Link($"/admin/v1/orgs/{Organization}{path}");

    public string Here => Link($"{http.Request.Path}{http.Request.QueryString}");

    /// <summary>Of a list that is one page.</summary>
    public PageLinks OnlyPage => new(Here, null, null);

    /// <summary>The neighbours of a page, as addresses.</summary>
    public PageLinks Links<T>(ListPage<T> page) => new(Here, At(Sealed(page.Previous)), At(Sealed(page.Next)));

    /// <summary>The same as cursors.</summary>
    public CursorLinks CursorLinks<T>(ListPage<T> page) => new(CursorSent, Sealed(page.Previous), Sealed(page.Next));

    /// <summary>The same address at another place of the list.</summary>
    public string? At(string? cursor)
    {
        if (cursor is null) return null;
        var others = http.Request.Query.Where(q => q.Key != "cursor").SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)));
        return Link(http.Request.Path + QueryString.Create(others.Append(KeyValuePair.Create("cursor", (string?)cursor))));
    }
}
