using DirectoryPlatform.Kernel;
using DirectoryPlatform.Web.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Jobs;

public abstract class JobPage(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid JobId { get; set; }

    public JobId Job => new(JobId);
    public JobView View { get; private set; } = null!;
    public string Path => $"{Home}/jobs/{JobId}";

    /// <summary>Null when the job is there.</summary>
    protected async Task<IActionResult?> Load()
    {
        var outcome = await Ask(new ReadJob(OrgId, Job));
        if (!outcome.Granted) return Refuse(outcome.Refusal);
        View = outcome.Value;
        return null;
    }
}
