namespace DirectoryPlatform.Sites.Internal.Hearing;

/// <summary>Accounts keep which organizations they administer; each is told by itself,
/// and asking who is left makes a second hearing harmless.</summary>
sealed class WhenOrganizationIsDeleted(IMediator mediator) : INotificationHandler<OrganizationDeleted>
{
    public async Task Handle(OrganizationDeleted fact, CancellationToken ct)
    {
        foreach (var admin in await mediator.Send(new WhoAdministers(fact.Organization), ct))
            await mediator.Send(new LeaveDeletedOrganization(admin, fact.Organization, new Origin(fact.By, "web")), ct);
    }
}

/// <summary>This room's rows but the organization's own.</summary>
sealed class ForgetGroups : IDeleteOrganizationData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(OrganizationId organization) =>
        [RowsOfOrganization.Delete("sites.suggestion", organization), RowsOfOrganization.Delete("sites.grp", organization),
            RowsOfOrganization.Delete("sites.listed", organization)];
}
