using DirectoryPlatform.Web.Api.Document;
using DirectoryPlatform.Web.Api.Management;

namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>
/// <c>POST /admin/v1/orgs/{orgId}/users/search</c>: the accounts of the organization's sites and those that it manages. An answer has the
/// account's id and states; what else is wanted is named in <c>expand</c>.
/// </summary>
static class UserSearchV1
{
    const string Name = "NAME", Email = "EMAIL", Verified = "EMAIL_VERIFIED", Products = "PRODUCT_LAST_ACCESS", Groups = "GROUPS";

    public static readonly string[] Expandable = [Name, Email, Verified, Products, Groups], Statuses = ["ACTIVE", "INACTIVE"];

    public static void MapUserSearchV1(this IEndpointRouteBuilder app) =>
        app.MapPost($"{Orgs.V1}/users/search", Search).Requires(Permission.ManageUsers, ApiScope.UsersRead)
            .WithMetadata(new OnlyLooks());

    static async Task<ApiResult> Search(ApiCall call)
    {
        if (await call.Search() is { } refusal) return refusal;
        var filter = FilterOf(call.Asked);
        if (!filter.Granted) return filter.Refusal;
        var page = await call.Send(new ListUsers(new(call.Organization), filter.Value, Cursor: call.Cursor, Size: call.Size));
        if (!page.Granted) return page.Refusal;
        var wanted = call.Asked.All("expand") ?? [];
        bool Wants(string word) => wanted.Contains(word);
        var details = await UserDetailsShape.Read(call, page.Value.Rows.Select(r => r.Account).OfType<AccountId>(),
            (Wants(Products) ? UserParts.Apps : UserParts.None) | (Wants(Groups) ? UserParts.Groups : UserParts.None));
        return ApiResult.Of(page.Value.Rows.Select(r =>
        {
            var more = details.GetValueOrDefault(r.Account!.Value);
            return new Shaped(
                r.Id, "atlassian", ProfileRoutes.StatusOf(r.State!.Value), r.Status is UserStatus.Active, Wants(Name) ? r.Name : null,
                Wants(Name) ? more?.PublicName ?? r.Name : null, Wants(Email) ? r.Email : null,
                Wants(Verified) ? more?.EmailVerified : null,
                Wants(Products)
                    ? [.. (more?.Apps ?? []).Select(a => new Access(a.App, a.LastActiveAt?.UtcDateTime, a.Site.Value))]
                    : null,
                Wants(Groups) ? UserDetailsShape.GroupsOf(more) : null);
        }), call.CursorLinks(page.Value));
    }

    static Outcome<UserFilter> FilterOf(Asked asked)
    {
        var domains = Match(asked, "emailDomains");
        List<string>? exactly = null;
        foreach (var name in domains?.Exactly ?? [])
        {
            var domain = DomainName.Normalise(name);
            if (!domain.Granted) return new InvalidValue("emailDomains", $"emailDomains: {domain.Refusal.Sentence}");
            (exactly ??= []).Add(domain.Value);
        }
        // Domains are kept in A-labels, of which a part of a U-label is none.
        if (domains?.Part is { } part && !Ascii.IsValid(part))
            return new InvalidValue("emailDomains",
                "emailDomains: contains takes ASCII characters only. Name the whole domain in eq, or use its xn-- form.");
        return new UserFilter
        {
            // Of the published kinds there is one here.
            Only = asked.All("accountTypes")?.Contains("atlassian") == false ? []
                : asked.All("accountIds", id => new AccountId(Guid.Parse(id))),
            States = asked.All("accountStatuses", s => UserWords.Accounts.Of(s.ToLowerInvariant()))?.SelectMany(s => s).ToList(),
            Names = Match(asked, "namesOrNicknames"),
            Mailboxes = Match(asked, "emailUsernames"),
            Domains = exactly,
            DomainPart = domains?.Part?.ToLowerInvariant(),
            Memberships = asked.Flag("isSuspended") switch
            {
                null => null,
                true => [UserStatus.Suspended],
                false => [UserStatus.Active, null],
            },
            AccountsOnly = true,
            NeverInvited = true,
        };
    }

    static TextMatch? Match(Asked asked, string name) => asked.Text(name) is { } json ? TextMatches.Read(json) : null;

    /// <param name="StatusInUserbase">Whether the person is active on some site.</param>
    /// <param name="Name">Where it was asked for, as all that follows.</param>
    sealed record Shaped(Guid AccountId, string AccountType, string AccountStatus, bool StatusInUserbase, string? Name, string? Nickname,
        string? Email, bool? EmailVerified, IReadOnlyList<Access>? ProductLastAccess, IReadOnlyList<UserDetailsShape.InGroup>? Groups);

    /// <param name="LastActiveTimestamp">Left out for never.</param>
    sealed record Access(string ProductKey, DateTime? LastActiveTimestamp, Guid CloudSiteId);
}
