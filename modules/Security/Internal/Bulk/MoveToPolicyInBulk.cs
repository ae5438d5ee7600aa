namespace DirectoryPlatform.Security.Internal.Bulk;

/// <summary>Puts many people under another authentication policy (SPEC A10, S5); the target is the policy's id. Nobody is told by mail:
/// what it asks for is asked at the next sign-in.</summary>
sealed class MoveToPolicyInBulk(PolicyStore policies, PolicyReading reading) : DependentAction
{
    public override string Name => ManyAccounts.MoveToPolicy;
    public override string Code => "movedToPolicy";

    /// <summary>The menu has the policies in its place.</summary>
    public override bool InMenu => false;

    public override BulkWords Words => new("Move to policy", "layers", "moved", false,
        ["Sign-in rules apply from their next sign-in. Whether API tokens are allowed applies at once.",
            "They leave their current policy."])
    { Verb = "Move", QuotesTarget = true };

    public override Refusal? Refused(AccountView account, OrganizationId by, Guid? actor) =>
        account.State is AccountState.Unverified ? new EmailUnverified() : null;

    /// <summary>While no default policy is written nobody is under another one.</summary>
    public override IReadOnlyList<(string, Refusal)> Obstacles(string now, string by, string target) => [($"""
        coalesce((select m.policy_id from security.policy_member m where m.account_id = a.id and m.organization_id = {by}),
          (select p.id from security.policy p where p.organization_id = {by} and p.is_default), {target}::uuid) = {target}::uuid
          or (exists (select from security.policy p where p.id = {target}::uuid and not p.billable and not p.is_default)
            and {AccountSql.Provisioned})
        """, new InThisPolicy())];

    public override async Task<Outcome<string>> Target(BulkDraft draft, CancellationToken ct) =>
        Guid.TryParseExact(draft.Option<AccountOptions>().Target, "D", out var id) && (await reading.Names(draft.By, ct))
            .FirstOrDefault(p => p.Id == new PolicyId(id)) is { } policy ? policy.Name : new NotFound("policy");

    public override async Task<DoneWithAccounts> Do(AccountsToChange chunk, Change change, CancellationToken ct)
    {
        var (name, moved) = await policies.MoveChunk(change.Connection, chunk.By, new(Guid.Parse(chunk.Target!)), chunk.Ids, change.Now);
        foreach (var person in chunk.Those(moved))
            change.WriteAudit(chunk.By, person.Id.Value, SecurityActions.PolicyAssigned, after: new { policy = name });
        return new(moved, name is null ? "The policy has been deleted." : null);
    }
}

sealed record InThisPolicy()
    : Refusal("inThisPolicy",
        "This account is already in this policy, or cannot be added to it "
        + "because an identity provider provisions it and the policy is non-billable.");
