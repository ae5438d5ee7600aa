using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>Invites one or many addresses to a site, with a result for each (SPEC U3).</summary>
[Requires(Permission.ManageSiteUsers)]
public sealed class InviteModel(IMediator mediator) : SitePage(mediator)
{
    /// <summary>A list to choose from, not all of ten thousand (own choice); others are given on the group's page.</summary>
    const int ShownGroups = 100;

    /// <summary>As large as a file of addresses may be elsewhere (SPEC C6).</summary>
    const int MaxFile = 5 * 1024 * 1024;

    [BindProperty] public Form Input { get; set; } = new();

    public IReadOnlyList<GroupRow> Groups { get; private set; } = [];

    /// <summary>Null before it is done.</summary>
    public IReadOnlyList<InvitedAddress>? Results { get; private set; }

    public async Task<IActionResult> OnGet([FromQuery] string? emails)
    {
        Input.Emails = emails?.Length <= 4_000 ? emails : null;
        return await Load() ?? Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var roles = Place.Apps.Where(a => Input.Roles.GetValueOrDefault(a.Id) is "user" or "admin").ToDictionary(a => a.Id, a => Input.Roles[a.Id] == "admin" ? AppRole.Admin : AppRole.User);
        var groups = Groups.Select(g => g.Id).Where(g => Input.Groups.Contains(g.Value)).ToList();
        if (Input.File?.Length > MaxFile) return Refuse(new FileTooLarge(), nameof(Form.File));
        var addresses = InviteUsers.Split(Input.Emails).Concat(await FromFile(Input.File)).ToList();
        var outcome = await Do(new InviteUsers(Site, addresses, roles, groups, Input.Note, Origin));
        if (!outcome.Granted) return Refuse(outcome.Refusal, outcome.Refusal is NoAddresses or TooManyAddresses ? nameof(Form.Emails) : null);
        Results = outcome.Value.Each;
        if (Results.All(r => !r.Outcome.Granted)) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    /// <summary>The first column of each line; a head that is no address is passed over.</summary>
    static async Task<IReadOnlyList<string>> FromFile(IFormFile? file)
    {
        if (file is null) return [];
        using var reader = new StreamReader(file.OpenReadStream());
        var lines = (await reader.ReadToEndAsync()).Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => l.Split([',', ';', '\t'])[0].Trim(' ', '"')).Where(l => l.Length > 0);
        return [.. lines.Where((l, i) => i > 0 || l.Contains('@'))];
    }

    /// <summary>Groups are the organization's: what they open on other sites is not a site admin's to give.</summary>
    async Task<IActionResult?> Load()
    {
        if (await LoadSite() is { } elsewhere) return elsewhere;
        if (IsOrganizationAdmin) Groups = (await Ask(new ListGroups(Organization, null, null, ShownGroups))).Rows;
        return null;
    }

    public sealed class Form
    {
        public string? Emails { get; set; }
        public string? Note { get; set; }
        public IFormFile? File { get; set; }
        public Dictionary<string, string> Roles { get; set; } = [];
        public List<Guid> Groups { get; set; } = [];
    }
}
