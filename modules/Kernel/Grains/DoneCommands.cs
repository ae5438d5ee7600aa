using System.Data.Common;

namespace DirectoryPlatform.Kernel.Grains;

/// <summary>Commands that stand in the audit log: they were granted before, and the fact of their entry is the answer that got
/// lost.</summary>
sealed class DoneCommands<TFact>(FactTypes types) where TFact : Fact
{
    /// <summary><c>$1</c> is a uuid[] of commands.</summary>
    public const string Sql = "select id, action, fact::text, personal::text from kernel.audit_entry where id = any($1)";

    public async Task<Dictionary<Guid, TFact>> Read(DbDataReader rows)
    {
        var done = new Dictionary<Guid, TFact>();
        while (await rows.ReadAsync())
            if (!rows.IsDBNull(2))
                done[rows.GetGuid(0)] =
                    (TFact)types.Join(rows.GetString(1), rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetString(3));
        return done;
    }
}
