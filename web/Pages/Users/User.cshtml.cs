namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>One person on all sites of the organization (SPEC U1, U2).</summary>
[Requires(Permission.ManageUsers)]
public sealed class UserModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid AccountId { get; set; }

    public UserFace View { get; private set; } = null!;

    public async Task<IActionResult> OnGet()
    {
        var person = await Send(new ReadUser(new(Organization), new(AccountId)));
        if (!person.Granted) return NotFound();
        View = new(person.Value, Organization, $"{Home}/users/{AccountId}", false, true, null, true)
        {
            MayClaim = await Send(new ReadClaimable(Organization, new(AccountId))) is { Granted: true, Value.Refusal: null },
        };
        return Page();
    }
}
