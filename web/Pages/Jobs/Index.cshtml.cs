using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using DirectoryPlatform.Web.Shared;
using MediatR;

namespace DirectoryPlatform.Web.Pages.Jobs;

[Requires(Permission.ViewJobs)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    public IReadOnlyList<JobView> Jobs { get; private set; } = [];

    public async Task OnGet() => Jobs = await Send(new ReadJobs(OrgId));
}
