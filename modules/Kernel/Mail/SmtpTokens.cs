using System.Net.Http.Json;
using System.Text.Json.Serialization;
using MailKit.Security;
using Microsoft.Extensions.Configuration;

namespace DirectoryPlatform.Kernel.Mail;

/// <summary>How to get the access tokens that Microsoft 365 and Google want in place of a password. Section
/// <c>Mail:Smtp:OAuth2</c>; the mailbox that sends is <c>Mail:Smtp:User</c>.</summary>
/// <param name="TokenUrl">Where tokens are given out, such as
/// <c>https://login.microsoftonline.com/TENANT/oauth2/v2.0/token</c> or <c>https://oauth2.googleapis.com/token</c>.</param>
/// <param name="Scope">What the token is for, such as <c>https://outlook.office365.com/.default</c>; null: what was consented to.</param>
/// <param name="RefreshToken">Set: somebody consented once, and this is what came of it (RFC 6749, 6). Null: the client acts for itself
/// (RFC 6749, 4.4).</param>
public sealed record MailOAuth2(Uri TokenUrl, string ClientId, string ClientSecret, string? Scope = null, string? RefreshToken = null)
{
    /// <param name="smtp">Section <c>Mail:Smtp</c>.</param>
    /// <returns>Null when there is nothing about it.</returns>
    /// <exception cref="InvalidOperationException">Names what is missing or makes no sense.</exception>
    public static MailOAuth2? From(IConfigurationSection smtp)
    {
        var section = smtp.GetSection("OAuth2");
        if (!section.Exists()) return null;
        string Needed(IConfigurationSection from, string key) => from[key] is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"{from.Path}:{key} is not set, which {section.Path} needs.");
        _ = Needed(smtp, "User");
        var address = Needed(section, "TokenUrl");
        return Uri.TryCreate(address, UriKind.Absolute, out var url)
            && (url.Scheme == "https" || url is { Scheme: "http", IsLoopback: true })
            ? new(url, Needed(section, "ClientId"), Needed(section, "ClientSecret"), section["Scope"], section["RefreshToken"])
            : throw new InvalidOperationException($"{section.Path}:TokenUrl is \"{address}\", expected an https address.");
    }
}

/// <summary>The access token of the mail server, asked for when there is none that lasts.</summary>
sealed class SmtpTokens(MailOAuth2 settings, string user, TimeProvider clock, ILogger log)
{
    /// <summary>Before it expires: a sign-in must come through with it.</summary>
    static readonly TimeSpan Spare = TimeSpan.FromMinutes(2);

    /// <summary>RFC 6749, 5.1, lets a server leave it out: then for one connection at least.</summary>
    const int UnsaidSeconds = 300;

    /// <summary>Of what the server says went wrong; Microsoft's has pages.</summary>
    const int LongestWords = 300;

    static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    (string Value, DateTimeOffset Until)? _token;

    /// <summary>The newest: a server may end the old one with each that it gives (RFC 6749, 6).</summary>
    string? _refresh = settings.RefreshToken;

    bool _said;

    /// <exception cref="HttpRequestException">No token was given; the message says why.</exception>
    public async Task<SaslMechanism> SignIn(CancellationToken ct)
    {
        if (_token is not { } token || token.Until <= clock.GetUtcNow()) _token = token = await Ask(ct);
        return new SaslMechanismOAuth2(user, token.Value);
    }

    /// <summary>It was not taken: the next sign-in asks for another.</summary>
    public void Forget() => _token = null;

    async Task<(string, DateTimeOffset)> Ask(CancellationToken ct)
    {
        var asked = clock.GetUtcNow();
        Dictionary<string, string> form = new() { ["client_id"] = settings.ClientId, ["client_secret"] = settings.ClientSecret };
        if (settings.Scope is not null) form["scope"] = settings.Scope;
        if (_refresh is not null) form["refresh_token"] = _refresh;
        form["grant_type"] = _refresh is null ? "client_credentials" : "refresh_token";
        // The address is the operator's own setting, and may be one of the house.
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Most };
        using var content = new FormUrlEncodedContent(form);
        using var answer = await client.PostAsync(settings.TokenUrl, content, ct);
        var token = await Read(answer, ct);
        if (!answer.IsSuccessStatusCode || token?.AccessToken is not { Length: > 0 } value)
            throw new HttpRequestException($"{settings.TokenUrl.Host} gave no token for the mail server: {(int)answer.StatusCode} "
                + $"{token?.Error} {token?.Description?[..Math.Min(token.Description.Length, LongestWords)]}".TrimEnd());
        Keep(token.RefreshToken);
        return (value, asked.AddSeconds(token.ExpiresIn ?? UnsaidSeconds) - Spare);
    }

    async Task<Answer?> Read(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/json") return null;
        try { return await answer.Content.ReadFromJsonAsync<Answer>(ct); }
        // Of any kind: a charset that nobody knows is an InvalidOperationException.
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            throw new HttpRequestException($"{settings.TokenUrl.Host} gave no token for the mail server: {(int)answer.StatusCode} "
                + "with an answer that cannot be read", broken);
        }
    }

    void Keep(string? refresh)
    {
        if (_refresh is null || refresh is null or "" || refresh == _refresh) return;
        _refresh = refresh;
        if (!_said) log.RefreshTokenNotStored();
        _said = true;
    }

    /// <summary>RFC 6749, 5.1 and 5.2.</summary>
    sealed record Answer(
        [property: JsonPropertyName("access_token")] string? AccessToken,
        [property: JsonPropertyName("expires_in")] int? ExpiresIn,
        [property: JsonPropertyName("refresh_token")] string? RefreshToken,
        [property: JsonPropertyName("error")] string? Error,
        [property: JsonPropertyName("error_description")] string? Description);
}
