namespace DirectoryPlatform.Sites.Internal.Storage;

/// <summary>What changes of sites and of their users have in common.</summary>
static class SiteChanges
{
    /// <summary>The site's organization; null for an unknown site. The site stays: its row is locked against removal.</summary>
    public static async Task<OrganizationId?> OrganizationOf(this Change change, SiteId site) =>
        await change.Value<Guid?>("select organization_id from sites.site where id = @site for key share", new { site = site.Value })
            is { } id ? new OrganizationId(id) : null;

    /// <summary>Who is on no site of the organization any more is in none of its groups (SPEC U5); who is in a provider's group, the
    /// provider says (P2).</summary>
    public static Task LeaveGroupsOfNoSite(this Change change, OrganizationId organization, Guid[] people) => change.Write("""
        delete from sites.group_member gm using sites.grp g where g.id = gm.group_id and g.organization_id = @organization
          and g.provided_by is null and gm.account_id = any(@people)
          and not exists (select from sites.site_member m join sites.site s on s.id = m.site_id where m.account_id = gm.account_id
            and s.organization_id = @organization)
        """, new { organization = organization.Value, people });

    /// <summary>The lists follow the rows, in the same transaction.</summary>
    public static Task Relist(this Change change, OrganizationId organization, params Guid[] people) =>
        change.Write("select sites.relist(@organization, @people)", new { organization = organization.Value, people });

    public static Task RelistInvitations(this Change change, OrganizationId organization, params Guid[] ids) =>
        change.Write("select sites.relist_invitations(@organization, @ids)", new { organization = organization.Value, ids });
}
