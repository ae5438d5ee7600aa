using DirectoryPlatform.Web.Api.Organizations;

namespace DirectoryPlatform.Web.Api;

/// <summary>What a program asks with an API key (SPEC P1), as routes take it: the gate has seen to it that there is one.</summary>
sealed class ApiCall(HttpContext http, IMediator mediator)
{
    /// <summary>SPEC M1; a client that asks for none gets what that API gives.</summary>
    const int MostOnPage = 1_000, UsualOnPage = 100;

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

    public Task<Outcome<T>> Body<T>(bool mayBeMissing = false) where T : class => ApiBody.ReadLenient<T>(http, mayBeMissing);

    public string? Text(string name) => http.Request.Query[name].FirstOrDefault() is { Length: > 0 } text ? text : null;

    /// <summary>Of a list's page.</summary>
    public string? Cursor => Text("cursor");

    /// <summary>Beyond 1,000 it is 1,000; what is no number is refused.</summary>
    public Outcome<int> Size => http.Request.Query["limit"] is not [{ } given] ? UsualOnPage
        : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0 ? Math.Min(size, MostOnPage)
        : new InvalidValue("limit", $"Ask for 1 to {MostOnPage} at once.");

    /// <summary>Absolute, under the installation's own address and never the request's host.</summary>
    public string Link(string path) => new Uri(http.RequestServices.GetRequiredService<WebSettings>().PublicUrl, path).AbsoluteUri;

    /// <summary>Of something of the organization: "/domains/…".</summary>
    public string LinkOf(string path) => Link($"/admin/v1/orgs/{Organization}{path}");

    public string Here => Link($"{http.Request.Path}{http.Request.QueryString}");

    /// <summary>Of a list that is one page.</summary>
    public PageLinks OnlyPage => new(Here, null, null);

    /// <summary>The neighbours of a page, as addresses.</summary>
    public PageLinks Links<T>(ListPage<T> page) => new(Here, At(page.Previous), At(page.Next));

    /// <summary>The same address at another place of the list.</summary>
    public string? At(string? cursor)
    {
        if (cursor is null) return null;
        var others = http.Request.Query.Where(q => q.Key != "cursor").SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)));
        return Link(http.Request.Path + QueryString.Create(others.Append(KeyValuePair.Create("cursor", (string?)cursor))));
    }
}
