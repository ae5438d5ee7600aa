namespace DirectoryPlatform.Web.Pages.Security.ApiKeys;

/// <summary>The organization's API keys, what each may do, and whether it works (SPEC P1).</summary>
[Requires(Permission.ManageApiKeys)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    public IReadOnlyList<ApiKeyView> Keys { get; private set; } = [];
    public AccountId Me => Visitor!.Account;

    public async Task OnGet() => Keys = await Send(new ReadApiKeys(Organization));
}
