namespace DirectoryPlatform.Accounts.Internal.Lifecycle;

/// <summary>The Accounts room's own tables and those of the Kernel, which knows no people.</summary>
sealed class ForgetAccounts : IErasePersonalData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(Guid[] accounts, string[] emails) =>
    [
        // Addresses of the past stand in the history and in unused links; mails to them go first, while they can still be found. Later
        // mails are somebody else's.
        Statement.Of("""
            delete from kernel.mail m using kernel.audit_entry e
            where e.subject_id = any($1) and m.recipient = e.personal->'before'->>'email' and m.created_at < e.at + interval '1 day'
            """, accounts),
        Statement.Of("""
            delete from kernel.mail m using accounts.email_change c
            where c.account_id = any($1) and m.recipient in (c.old_email, c.new_email) and m.created_at between c.sent_at and c.expires_at
            """, accounts),
        Statement.Of("""
            delete from kernel.mail m using accounts.left_address l
            where l.account_id = any($1) and m.recipient in (l.email, l.moved_to) and m.created_at between l.asked_at and l.reserved_until
            """, accounts),
        OutgoingMail.Forget(emails),
        BulkDrafts.Forget(emails),
        RowsOfPeople.Delete("accounts.email_change", accounts),
        RowsOfPeople.Delete("accounts.left_address", accounts),
        RowsOfPeople.Delete("accounts.email_verification", accounts),
        RowsOfPeople.Delete("accounts.profile", accounts),
        RowsOfPeople.Delete("accounts.picture", accounts),
        RowsOfPeople.Delete("accounts.search", accounts),
        .. AuditLog.Forget(accounts),
        Outbox.Forget(accounts),
        JobStore.Forget(accounts),
    ];
}

/// <summary>What an organization had begun and not confirmed.</summary>
sealed class ForgetDrafts : IDeleteOrganizationData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(OrganizationId organization) =>
        [
            BulkDrafts.Forget(organization), RowsOfOrganization.Delete("accounts.newcomers_listed", organization),
        ];
}
