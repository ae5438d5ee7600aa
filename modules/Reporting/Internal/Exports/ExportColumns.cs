namespace DirectoryPlatform.Reporting.Internal.Exports;

/// <param name="Sql">Constant text over <c>accounts.v_listed</c> under the alias <c>a</c>, over the one row <c>asked</c> of the values that
/// it needs (<c>organization</c>, <c>apps</c>) and, for managed accounts, over the join of <see cref="ExportColumns.JoinPolicies"/>; null
/// for a column whose data does not exist yet, which the database is not asked for.</param>
sealed record ExportColumn(string Header, string? Sql = null);

/// <summary>
/// The columns of the files, each in one place. The head of a file does not change with what an installation has: a column whose data does
/// not exist yet is there and empty, so that whoever reads the file by its head today reads it tomorrow. Each app of the installation adds
/// a column that names the sites.
/// </summary>
static class ExportColumns
{
    static readonly ExportColumn
        Name = new("Name", "a.name"),
        Email = new("Email", "coalesce(a.email, '')"),
        LastActive = new("Last active", """
            case when a.last_active_at > '-infinity'
              then to_char(a.last_active_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS"Z"') else '' end
            """),
        Status = new("Status",
            $"case a.state {string.Join(' ', Enum.GetValues<AccountState>().Select(s => $"when {(short)s} then '{Words(s)}'"))} end"),
        // Whoever cannot act costs nothing, whatever the policy's type (SPEC A17).
        Billable = new("Billable", "case when a.state = 1 then coalesce(p.billable, '') else 'no' end"),
        TwoStep = new("Two-step verification",
            "case when exists (select from security.v_two_step t where t.account_id = a.id) then 'on' else 'off' end");

    /// <summary>SPEC M9.</summary>
    public static IReadOnlyList<ExportColumn> OfManaged { get; } =
    [
        Name, Email, LastActive, Status, Billable, new("Policy name", "coalesce(p.name, '')"), new("Policy type", "coalesce(p.type, '')"),
        new("SAML single sign-on", "coalesce(p.sso, '')"), TwoStep,
        new("Password requirements", "coalesce(p.passwords, '')"), new("Idle session duration", "coalesce(p.idle, '')"),
    ];

    /// <summary>What the policies' columns read: the organization's policies with their words, as rows <c>p</c> beside each account; no row
    /// for a policy that was made this very moment.</summary>
    /// <param name="value">Takes a value and gives its place in the text.</param>
    public static async Task<string> JoinPolicies(IMediator mediator, OrganizationId organization, Func<object, string> value,
        CancellationToken ct)
    {
        var policies = await mediator.Send(new ReadPolicyAssignment(organization), ct);
        string Each(Func<PolicyDraft, string> words) => value(policies.Policies.Select(p => words(p.Settings)).ToArray());
        return $"""
            left join unnest({value(policies.Policies.Select(p => p.Id.Value).ToArray())}, {Each(s => s.Billable ? "yes" : "no")},
              {Each(s => s.Name!)}, {Each(s => s.Billable ? "Billable" : "Non-billable")},
              {Each(PolicyWords.Passwords)}, {Each(PolicyWords.Idle)}, {Each(PolicyWords.SingleSignOn)})
              as p(id, billable, name, type, passwords, idle, sso) on p.id = {policies.Sql(value)}
            """;
    }

    /// <summary>SPEC D13.</summary>
    public static IReadOnlyList<ExportColumn> OfDomain { get; } =
    [
        Name, Email, new("Account id", "a.id::text"), Status, LastActive,
        new("Claimed", """
            case when a.managed_by is null then 'no' when a.managed_by = asked.organization then 'by this organization'
              else 'by another organization' end
            """),
        new("Verified email", "case when a.email_verified then 'yes' else 'no' end"), TwoStep,
    ];

    static string Words(AccountState state) => state switch
    {
        AccountState.Unverified => "Unverified",
        AccountState.Active => "Active",
        AccountState.Deactivated => "Deactivated",
        AccountState.PendingDeletion => "Pending deletion",
        AccountState.Deleted => "Deleted",
    };
}
