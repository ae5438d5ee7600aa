namespace DirectoryPlatform.Sites.Internal.Hearing;

/// <summary>An erased person is on no site, in no group and in no list, and no invitation names the address (SPEC A6).</summary>
sealed class ForgetUsers : IErasePersonalData
{
    public IEnumerable<NpgsqlBatchCommand> Forget(Guid[] accounts, string[] emails) =>
    [
        Statement.Of("delete from sites.listed where id = any($1)", accounts),
        Statement.Of("delete from sites.listed l using sites.invitation i where i.email = any($1) and l.id = i.id", emails),
        Statement.Of("update kernel.audit_entry e set personal = null, salt = null from sites.invitation i where i.email = any($1) "
            + "and e.subject_id = i.id", emails),
        Statement.Of("delete from sites.invitation where email = any($1)", emails),
        Statement.Of("delete from sites.invitation where accepted_by = any($1)", accounts),
        RowsOfPeople.Delete("sites.site_member", accounts),
        RowsOfPeople.Delete("sites.group_member", accounts),
        RowsOfPeople.Delete("sites.site_admin", accounts),
        RowsOfPeople.Delete("sites.suggestion", accounts),
        RowsOfPeople.Delete("sites.person", accounts),
    ];
}
