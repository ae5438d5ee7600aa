namespace DirectoryPlatform.Web.Shared;

/// <summary>A page under <c>/o/{orgId}</c>; the gate has asked already whether the visitor administers it.</summary>
public abstract class OrganizationPage(IMediator mediator) : WebPage(mediator)
{
    [FromRoute] public Guid OrgId { get; set; }

    public OrganizationId Organization => new(OrgId);
    public string Home => $"/o/{OrgId}";
}
