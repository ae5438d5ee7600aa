namespace DirectoryPlatform.Web.Pages.Directory.Users;

/// <summary>One person on all sites of the organization, or on one site (SPEC U1, U2, U9).</summary>
public sealed class UserModel(IMediator mediator) : UsersPage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }

    public UserProfile Person { get; private set; } = null!;
    public string Path => $"{Users}/{AccountId}";
    public bool OfSite => Site is not null;

    /// <summary>Whether there are apps that the visitor may give roles in.</summary>
    public bool MayGive => OnlyApps is not { Count: 0 };

    /// <summary>The person is on a domain of the organization and not claimed (SPEC C10).</summary>
    public bool MayClaim { get; private set; }

    public async Task<IActionResult> OnGet()
    {
        var person = await Send(new ReadUser(Scope, new(AccountId)));
        if (!person.Granted) return NotFound();
        Person = person.Value;
        MayClaim = !OfSite && await Send(new ReadClaimable(Organization, new(AccountId))) is { Granted: true, Value.Refusal: null };
        return Page();
    }
}
