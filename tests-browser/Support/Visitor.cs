using System.Net;
using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Somebody who speaks HTTP by hand, with real cookies and real form tokens, to send what no browser would.</summary>
public sealed partial class Visitor(Uri address) : IDisposable
{
    readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false };
    HttpClient? _client;

    public HttpClient Client => _client ??= new HttpClient(_handler) { BaseAddress = address, Timeout = Patience.Long };

    public CookieContainer Cookies => _handler.CookieContainer;

    public static async Task<Visitor> SignedIn(Installation installation, string email, string password = Steps.DemoPassword)
    {
        var visitor = new Visitor(installation.Address);
        var answer = await visitor.Post("/sign-in", ("Input.Email", email), ("Input.Password", password));
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
        return visitor;
    }

    public Task<HttpResponseMessage> Get(string path) => Client.GetAsync(path);

    /// <summary>The token of the first form on a page.</summary>
    public async Task<string> Token(string path) => FormToken().Match(await Client.GetStringAsync(path)) is { Success: true } found
        ? found.Groups[1].Value
        : "";

    /// <param name="form">The page whose token is sent; the one that is posted to when none is named.</param>
    public async Task<HttpResponseMessage> Post(string path, (string Name, string Value) field, string form) =>
        await Send(path, await Token(form), field);

    public async Task<HttpResponseMessage> Post(string path, params (string Name, string Value)[] fields) =>
        await Send(path, await Token(path), fields);

    public Task<HttpResponseMessage> Send(string path, string? token, params (string Name, string Value)[] fields) =>
        Client.PostAsync(path,
            new FormUrlEncodedContent([.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value)),
                .. token is null ? [] : (KeyValuePair<string, string>[])[new("__RequestVerificationToken", token)]]));

    /// <summary>Step 1 of the claim wizard with a file.</summary>
    public async Task<HttpResponseMessage> PostFile(string path, string csv) =>
        await PostFile(path, System.Text.Encoding.UTF8.GetBytes(csv));

    public async Task<HttpResponseMessage> PostFile(string path, byte[] csv)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("file"), "Input.Which" }, { new ByteArrayContent(csv), "Input.Files", "people.csv" },
            { new StringContent(await Token(path)), "__RequestVerificationToken" },
        };
        return await Client.PostAsync(path, form);
    }

    public void Dispose()
    {
        _client?.Dispose();
        _handler.Dispose();
    }

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]* value="([^"]+)""")]
    private static partial Regex FormToken();
}
