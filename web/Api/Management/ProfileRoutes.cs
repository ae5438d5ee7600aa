namespace DirectoryPlatform.Web.Api.Management;

/// <summary><c>GET</c> and <c>PATCH /users/{accountId}/manage/profile</c>. A patch names the fields to be changed and leaves the others
/// alone; null takes one away.</summary>
static class ProfileRoutes
{
    const string Path = "/users/{accountId:guid}/manage/profile", Extended = "extended_profile";

    /// <summary>Fields as they are called there. The telephone number is beyond that API.</summary>
    public static readonly IReadOnlyList<(string Name, AccountDetail Detail)> Fields =
    [
        ("name", AccountDetail.Name), ("nickname", AccountDetail.PublicName), ("zoneinfo", AccountDetail.TimeZone),
        ("locale", AccountDetail.Language),
        ($"{Extended}.job_title", AccountDetail.JobTitle), ($"{Extended}.organization", AccountDetail.Organization),
        ($"{Extended}.department", AccountDetail.Department),
        ($"{Extended}.location", AccountDetail.Location), ($"{Extended}.phone_number", AccountDetail.Phone),
    ];

    /// <summary>Of the account, and never changed by a patch.</summary>
    static readonly string[] ReadOnlyFields = ["account_id", "account_type", "account_status", "picture", "email", "characteristics"];

    public static void MapProfiles(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, Read).Requires(Permission.ViewManagedAccounts, ApiScope.AccountsRead);
        app.MapPatch(Path, Patch).Requires(Permission.ManageAccounts, ApiScope.AccountsManage);
    }

    static async Task<ApiResult> Read(ApiCall call, Guid accountId) =>
        Answer(call, await call.Send(new ReadProfile(new(accountId), call.Organization, call.Admin)));

    static async Task<ApiResult> Patch(ApiCall call, Guid accountId)
    {
        var body = await call.Body<Dictionary<string, JsonElement>>();
        var read = body.Granted ? Details(body.Value) : body.Refusal;
        return Answer(call, await read.Then(details =>
            call.Execute(new ChangeDetails(new(accountId), call.Organization, details, call.Origin))));
    }

    static ApiResult Answer(ApiCall call, Outcome<ProfileView> outcome) => outcome switch
    {
        { Granted: true, Value: var view } => ApiResult.Plain(new { account = Shape(call, view) }, names: ApiAnswer.Snake),
        { Refusal: FieldReadOnly field } => Forbidden([(field.Field, "administrative")], field.Sentence),
        { Refusal: DetailsRefused refused } when refused.Each.Any(e => e.Why is not InvalidValue) => Forbidden(
            [.. refused.Each.Where(e => e.Why is not InvalidValue).Select(e => (NameOf(e.Detail), UserFaults.ReasonOf(e.Why)))],
            refused.Sentence),
        { Refusal: DetailsRefused refused } => UserFaults.Violated(
            [.. refused.Each.Select(e => (NameOf(e.Detail), e.TooLong ? "maxLength" : "validCharacters"))], refused.Sentence),
        { Refusal: var refusal } => refusal!,
    };

    static ApiResult Forbidden(IReadOnlyList<(string Field, string Why)> each, string sentence) =>
        UserFaults.Of(StatusCodes.Status403Forbidden, "forbidden.fieldMutation",
            each.ToDictionary(e => e.Field, e => new Rule(false, new(e.Why))), sentence);

    /// <summary>What is not known, or no text, is refused by its name.</summary>
    static Outcome<IReadOnlyDictionary<AccountDetail, string?>> Details(Dictionary<string, JsonElement> body)
    {
        if (ReadOnlyFields.FirstOrDefault(body.ContainsKey) is { } closed) return new FieldReadOnly(closed);
        // The same field named by its path as well would win or lose by accident.
        if (body.Keys.FirstOrDefault(name => name.StartsWith($"{Extended}.", StringComparison.Ordinal)) is { } path)
            return new BadBody(StatusCodes.Status400BadRequest,
                $"The member {path[..Math.Min(path.Length, 50)]} is not known here. Send the object {Extended}.");
        var (given, details) = (new Dictionary<string, JsonElement>(body), new Dictionary<AccountDetail, string?>());
        if (given.Remove(Extended, out var more))
        {
            if (more.ValueKind is not JsonValueKind.Object) return NoText(Extended);
            var inner = new HashSet<string>();
            foreach (var member in more.EnumerateObject())
            {
                if (!inner.Add(member.Name))
                    return new BadBody(StatusCodes.Status400BadRequest, $"The member {Extended}.{member.Name} appears twice.");
                given[$"{Extended}.{member.Name}"] = member.Value;
            }
        }
        if (given.Keys.FirstOrDefault(name => Fields.All(f => f.Name != name)) is { } unknown)
            return new BadBody(StatusCodes.Status400BadRequest, $"The member {unknown[..Math.Min(unknown.Length, 50)]} is not known here.");
        foreach (var (name, detail) in Fields.Where(f => given.ContainsKey(f.Name)))
        {
            if (given[name].ValueKind is not (JsonValueKind.String or JsonValueKind.Null)) return NoText(name);
            try { details[detail] = given[name].GetString(); }
            catch (InvalidOperationException) { return NoText(name); } // Half of a character.
        }
        return details;

        static BadBody NoText(string name) => new(StatusCodes.Status400BadRequest, $"The member {name} is not of its type.");
    }

    static string NameOf(AccountDetail detail) => Fields.First(f => f.Detail == detail).Name;

    static Shaped Shape(ApiCall call, ProfileView view) => new(
        view.Id.Value, "atlassian", StatusOf(view.State), view.Name, PictureOf(call, view.Id), view.Email ?? "", new(false),
        view[AccountDetail.PublicName].Value ?? view.Name,
        view[AccountDetail.TimeZone].Value, view[AccountDetail.Language].Value,
        new(view[AccountDetail.JobTitle].Value, view[AccountDetail.Organization].Value, view[AccountDetail.Department].Value,
            view[AccountDetail.Location].Value, view[AccountDetail.Phone].Value));

    /// <summary>That API knows three states. Who has not verified the address yet is active there.</summary>
    public static string StatusOf(AccountState state) => state switch
    {
        AccountState.Active or AccountState.Unverified => "active",
        AccountState.Deactivated or AccountState.PendingDeletion => "inactive",
        AccountState.Deleted => "closed",
    };

    /// <summary>For the organization's admins in a browser.</summary>
    public static string PictureOf(ApiCall call, AccountId account) => call.Link($"/o/{call.Organization}/members/{account}/picture.webp");

    sealed record FieldReadOnly(string Field) : Refusal("fieldReadOnly", $"The member {Field} cannot be changed here.");

    /// <param name="AccountType">Always "atlassian": what that API calls people's accounts.</param>
    /// <param name="Nickname">The public name; the name where there is none, as that API always has one.</param>
    sealed record Shaped(
        Guid AccountId, string AccountType, string AccountStatus, string Name, string Picture, string Email,
        Characteristics Characteristics, string Nickname, string? Zoneinfo, string? Locale, ExtendedShape ExtendedProfile);

    sealed record Characteristics(bool NotMentionable);

    sealed record ExtendedShape(string? JobTitle, string? Organization, string? Department, string? Location, string? PhoneNumber);
}
