using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// Reads the forms of pages as a browser does and sends them with fields that are right, nearly right, and nonsense (SPEC P4, S9). The
/// same seed sends the same. Says what should never be seen: a 5xx, a status that no form is answered with,
/// a stack trace, or another organization's data.
/// </summary>
/// <param name="own">Ids of the visitor's organization, which stand where forms have ids.</param>
/// <param name="foreign">Ids of another one.</param>
/// <param name="secrets">What stands in the other organization alone.</param>
sealed partial class PageFuzzer(
    HttpClient client, IReadOnlyList<string> own, IReadOnlyList<string> foreign, IReadOnlyList<string> secrets, int seed)
{
    /// <summary>As it is sent: percent signs stand for bytes. <see cref="Value"/> makes more of them.</summary>
    static readonly string[] Names =
    [
        "a%5B", "a%5D", "a%5B0", "%5B", "%5D", "%5B%5D", "a%5Bb%5D%5Bc", "__proto__", "constructor", "Input", "Input.", "Input%5B",
        "Input%5B0%5D", "Input%5B0%5D.Name", "Input.Name%5B", "Input.Name%5B0%5D", "Input.Name.x.y.z", "Input.index",
        "Input.Scopes%5B99999999999%5D", "Input.Scopes.index", "handler", "page", "OrgId", "SiteId", "AccountId", "Visitor", "View",
        "HttpContext", "returnTo", "itIsMe.password", "__RequestVerificationToken", "_method", "", "%20", ".", "%C3%A9", "%F0%9F%98%80",
        "a%00b", "%ED%A0%80", "%E2%80%AE", "%FF", "%", "%2", new('n', 300), new('n', 2_100), new('.', 500),
        string.Concat(Enumerable.Repeat("a.", 100)), string.Concat(Enumerable.Repeat("%5B", 200)),
    ];

    static readonly string[] Values =
    [
        "", "+", "null", "true", "false", "on", "-1", "0", "1", "1e309", "NaN", "99999999999999999999", "2147483648", "%00", "a%00b",
        "%ED%A0%80", "x%ED%BF%BF", "%FF%FE", "%", "%EF%BF%BF", "%E2%80%AE", "%0D%0ASet-Cookie%3A%20x%3D1",
        "%27%3B%20drop%20table%20accounts.account%3B%20--",
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%7B%7B7*7%7D%7D", "..%2F..%2Fetc%2Fpasswd", "%F0%9F%98%80", "%EF%BC%9D1%2B1", "%3D1%2B1",
        "liam%40acme.example", "new%40acme.example", "new%40mail.example", "%40", "a%40b", "acme.example", "2026-13-45", "0001-01-01",
        "9999-12-31T23%3A59%3A59.9999999Z", "Europe%2F..%2Fetc", "%2F%E2%81%84evil.example", "%2F%2Fevil.example",
        "https%3A%2F%2Fevil.example", "http%3A%2F%2F127.0.0.1%2F", "jira", "trello", "admin", "user", "all", "claim", "delete",
        "unclaim", "deactivate",
        new('x', 300), new('x', 5_000), new('x', 70_000), string.Concat(Enumerable.Repeat("%C3%A9", 2_000)),
        string.Concat(Enumerable.Repeat("a%40b.example%0A", 400)),
    ];

    /// <summary>As the header has them.</summary>
    static readonly string[] FileNames =
        ["=\"people.csv\"", "=\"\"", "=\"..\\x\"", "=\"a%00.csv\"", "*=UTF-8''a%00.csv", $"=\"{new string('f', 400)}\""];

    static readonly string[] Traces = ["   at ", "Npgsql", "System."];

    /// <summary>What a form is answered with; 401 besides where a session has ended.</summary>
    static readonly int[] Right = [200, 302, 400, 403, 404, 409, 413, 422, 429];

    readonly Random _random = new(seed);
    readonly List<Form> _forms = [];
    string _token = "";

    sealed record Form(string Page, string Action, IReadOnlyList<(string Name, string Value)> Fields, bool HasFile)
    {
        public override string ToString() => $"{Action}: {string.Join(' ', Fields.Select(f => f.Name).Order())}";
    }

    /// <summary>Answers by status.</summary>
    public SortedDictionary<int, int> Statuses { get; } = [];

    public IReadOnlyList<string> Actions => [.. _forms.Select(f => f.Action)];

    /// <summary>Forms of a page that are posted; those it shares with pages before are kept once.</summary>
    public async Task Read(string page)
    {
        using var answer = await client.GetAsync(page);
        if (answer.StatusCode is not HttpStatusCode.OK || answer.Content.Headers.ContentType?.MediaType != "text/html") return;
        var text = await answer.Content.ReadAsStringAsync();
        foreach (Match form in Forms().Matches(text))
        {
            var head = Attributes(form.Groups[1].Value);
            if (!head.GetValueOrDefault("method", "get").Equals("post", StringComparison.OrdinalIgnoreCase)) continue;
            var fields = new List<(string, string)>();
            var file = false;
            foreach (Match field in Fields().Matches(form.Groups[2].Value))
            {
                var attributes = Attributes(field.Groups[2].Value);
                if (!attributes.TryGetValue("name", out var name) || name == "__RequestVerificationToken") continue;
                file |= attributes.GetValueOrDefault("type") == "file";
                // A select has the value of its first option.
                if (field.Groups[1].Value == "select") attributes = Attributes(Options().Match(form.Groups[2].Value, field.Index).Value);
                fields.Add((name, attributes.GetValueOrDefault("value", "")));
            }
            var made = new Form(page, head.GetValueOrDefault("action", page) is { Length: > 0 } action ? action : page, fields, file);
            if (_forms.All(f => f.ToString() != made.ToString())) _forms.Add(made);
        }
    }

    public void Leave(Func<string, bool> which) => _forms.RemoveAll(f => which(f.Action));

    /// <param name="signIn">Begins the session, and again where a form has ended it; answers a form token of it.</param>
    public async Task<IReadOnlyList<string>> Run(int requests, Func<Task<string>> signIn)
    {
        var faults = new List<string>();
        _token = await signIn();
        for (var i = 0; i < requests && faults.Count < 20; i++)
        {
            // Each form once, then any.
            var form = i < _forms.Count ? _forms[i] : Pick(_forms);
            var fields = Typed(form);
            for (var odd = _random.Next(4); odd > 0; odd--) Spoil(fields);
            if (_random.Next(20) > 0) fields.Add(("__RequestVerificationToken", Uri.EscapeDataString(_token)));
            var path = PathOf(form);
            var (body, type) = Body(fields, form.HasFile);
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            if (_random.Next(10) == 0) request.Headers.Add("HX-Request", "true");
            using var answer = await client.SendAsync(request);
            var said = await answer.Content.ReadAsStringAsync();
            var status = (int)answer.StatusCode;
            Statuses[status] = Statuses.GetValueOrDefault(status) + 1;
            var sent = Encoding.UTF8.GetString(body);
            var why = status >= 500 ? "a 5xx"
                : status == 401 ? null
                : !Right.Contains(status) ? "no status of a form"
                : Traces.Any(trace => said.Contains(trace, StringComparison.Ordinal)) ? "a stack trace"
                : status == 302 && answer.Headers.Location?.OriginalString is not ['/', not '/', ..] and not "/" ? "led elsewhere"
                : secrets.FirstOrDefault(s => said.Contains(s, StringComparison.OrdinalIgnoreCase)) is { } secret
                    ? $"another organization's {secret}"
                : null;
            var led = answer.Headers.Location?.OriginalString;
            if (why is not null)
                faults.Add($"{why}: request {i} of seed {seed}: POST {Short(path)} {type} {Short(sent)} -> {status} {led} {Short(said)}");
            if (status == 401 || (status == 302 && led?.StartsWith("/sign-in", StringComparison.Ordinal) == true)) _token = await signIn();
        }
        return faults;
    }

    static string Short(string text) => text[..Math.Min(400, text.Length)];

    /// <summary>As somebody fills the form in.</summary>
    List<(string Name, string Value)> Typed(Form form) =>
    [
        .. form.Fields.Select(f => (Uri.EscapeDataString(f.Name),
            f.Value.Length > 0 ? Uri.EscapeDataString(f.Value)
            : _random.Next(3) == 0 ? Value()
            : _random.Next(4) == 0 ? ""
            : Likely(f.Name))),
    ];

    /// <summary>Where a right value is hard to guess, it is known.</summary>
    string Likely(string name) => name switch
    {
        _ when name.Contains("Email", StringComparison.Ordinal) => $"p{_random.Next(100)}%40{Pick(["acme.example", "mail.example"])}",
        _ when name.Contains("Days", StringComparison.Ordinal) => "7",
        _ when name.Contains("Url", StringComparison.Ordinal) => $"https%3A%2F%2Fr{_random.Next(100)}.example%2F",
        _ => $"t{_random.Next(1000)}",
    };

    string Value() => _random.Next(5) == 0 ? Pick(own) : _random.Next(5) == 0 ? Pick(foreign) : Pick(Values);

    void Spoil(List<(string Name, string Value)> fields)
    {
        switch (_random.Next(9))
        {
            case 0 when fields.Count > 0:
                fields.RemoveAt(_random.Next(fields.Count));
                break;
            case 1 when fields.Count > 0:
                var twice = Pick(fields);
                fields.Insert(_random.Next(fields.Count + 1), (twice.Name, Value()));
                break;
            case 2 when fields.Count > 0:
                var at = _random.Next(fields.Count);
                fields[at] = (fields[at].Name + Pick(["%5B", "%5D", "%5B0%5D", "%5B%5D", ".x", "%00", ".", "%5B0"]), fields[at].Value);
                break;
            case 3:
                fields.Add((Pick(Names), Value()));
                break;
            case 4 when _random.Next(10) == 0:
                for (var i = 0; i < 1_500; i++) fields.Add(($"f{(_random.Next(2) == 0 ? i : 0)}", "1"));
                break;
            case 5 when fields.Count > 0:
                var many = Pick(fields).Name;
                for (var i = 0; i < 50; i++) fields.Add((many, i.ToString(CultureInfo.InvariantCulture)));
                break;
            default:
                if (fields.Count > 0) fields[_random.Next(fields.Count)] = (Pick(fields).Name, Value());
                break;
        }
    }

    /// <summary>Own ids in the address now and then become foreign ones, nonsense, or none; the query gets odd names.</summary>
    string PathOf(Form form)
    {
        var path = WebUtility.HtmlDecode(form.Action);
        if (_random.Next(12) == 0) path = Ids().Replace(path, _ => _random.Next(2) == 0 ? Pick(foreign) : $"{Guid.NewGuid()}", 1);
        if (_random.Next(12) == 0)
            Ask($"{Pick(Names.Where(n => n.Length < 1_000).ToArray())}={(Value() is { Length: < 1_000 } value ? value : "x")}");
        if (_random.Next(40) == 0) Ask(string.Join('&', Enumerable.Repeat("a=1", 1_500)));
        return path;

        void Ask(string more) => path += $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{more}";
    }

    (byte[] Body, string Type) Body(List<(string Name, string Value)> fields, bool hasFile)
    {
        var many = hasFile ? _random.Next(4) > 0 : _random.Next(10) == 0;
        if (!many)
        {
            var type = _random.Next(40) == 0
                ? Pick(["text/plain", "application/json", "multipart/form-data; boundary=none"])
                : "application/x-www-form-urlencoded";
            return (Encoding.UTF8.GetBytes(string.Join('&', fields.Select(f => $"{f.Name}={f.Value}"))), type);
        }
        using var body = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            Write($"--cut\r\nContent-Disposition: form-data; name=\"{Plain(name)}\"");
            if (hasFile && name.Contains("File", StringComparison.Ordinal))
                Write($"; filename{Pick(FileNames)}\r\nContent-Type: text/csv");
            Write("\r\n\r\n");
            body.Write(WebUtility.UrlDecodeToBytes(Encoding.ASCII.GetBytes(value), 0, value.Length));
            Write("\r\n");
        }
        Write(_random.Next(20) == 0 ? "--cu" : "--cut--\r\n");
        return (body.ToArray(), "multipart/form-data; boundary=cut");

        void Write(string text) => body.Write(Encoding.UTF8.GetBytes(text));

        static string Plain(string name) => string.Concat(WebUtility.UrlDecode(name).Where(c => c is not ('"' or '\r' or '\n')));
    }

    static Dictionary<string, string> Attributes(string tag) =>
        Attribute().Matches(tag).DistinctBy(a => a.Groups[1].Value)
            .ToDictionary(a => a.Groups[1].Value, a => WebUtility.HtmlDecode(a.Groups[2].Value));

    T Pick<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    [GeneratedRegex("""<form\b([^>]*)>([\s\S]*?)</form>""")]
    private static partial Regex Forms();

    [GeneratedRegex("""<(input|select|textarea|button)\b([^>]*)>""")]
    private static partial Regex Fields();

    [GeneratedRegex("""<option\b[^>]*>""")]
    private static partial Regex Options();

    [GeneratedRegex("""([a-zA-Z-]+)="([^"]*)["]""")]
    private static partial Regex Attribute();

    [GeneratedRegex("[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")]
    private static partial Regex Ids();
}
