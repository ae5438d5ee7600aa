namespace DirectoryPlatform.Security.Internal.Hearing;

/// <summary>Everything by which a person proved itself goes with the person (SPEC A6); refresh tokens go with their session.</summary>
sealed class ForgetCredentials : IErasePersonalData
{
    /// <summary>The row that all turns take goes before what they would add to; a password's goes before it, as everywhere.</summary>
    static readonly string[] Tables =
    [
        "security.password", "security.credentials", "security.password_before", "security.password_reset", "security.two_step",
        "security.recovery_code", "security.session", "security.api_token", "security.api_key", "security.policy_member",
        "security.provider_answer", "security.device_code",
    ];

    public IEnumerable<NpgsqlBatchCommand> Forget(Guid[] accounts, string[] emails) =>
    [
        .. Tables.Select(table => RowsOfPeople.Delete(table, accounts)),
        // Answers that a program can ask for again within a day name people.
        Statement.Of("delete from security.api_answer a where exists (select from unnest($1) w where position(w in a.body) > 0)",
            (string[])[.. accounts.Select(a => $"{a}"), .. emails]),
        .. emails.Select(Throttle.BeginAnew),
    ];
}

/// <summary>Policies before the provider that they may demand; members, rules and kept answers go with theirs.</summary>
sealed class ForgetRules : IDeleteOrganizationData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(OrganizationId organization) =>
    [
        RowsOfOrganization.Delete("security.policy", organization), RowsOfOrganization.Delete("security.identity_provider", organization),
        RowsOfOrganization.Delete("security.provider_answer", organization), RowsOfOrganization.Delete("security.api_key", organization),
        RowsOfOrganization.Delete("security.device_code", organization),
    ];
}
