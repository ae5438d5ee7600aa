namespace DirectoryPlatform.Web.Shared;

/// <summary>A page about one thing of the organization. Whatever it is asked to do, it first reads the thing as this organization sees it,
/// so that foreign ids answer as unknown ones.</summary>
public abstract class ResourcePage<TView>(IMediator mediator) : OrganizationPage(mediator) where TView : notnull
{
    public TView View { get; private set; } = default!;

    protected abstract IRequest<Outcome<TView>> Read { get; }

    /// <summary>Null when the thing is there.</summary>
    protected async Task<IActionResult?> Load()
    {
        var outcome = await Send(Read);
        if (!outcome.Granted) return ShowError(outcome.Refusal);
        View = outcome.Value;
        return null;
    }
}
