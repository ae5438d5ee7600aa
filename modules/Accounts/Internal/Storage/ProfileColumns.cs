using System.Data.Common;

namespace DirectoryPlatform.Accounts.Internal.Storage;

/// <summary>The wide row beside the account's, read with it and written only when it changed.</summary>
static class ProfileColumns
{
    public const string Selected =
        "p.public_name, p.job_title, p.department, p.organization, p.location, p.phone, p.time_zone, "
        + "p.language, p.picture, p.provisioned_by, p.provisioned_fields";

    static readonly AccountDetail[] Details = [.. Enum.GetValues<AccountDetail>().Where(d => d is not AccountDetail.Name)];

    public static AccountProfile Read(DbDataReader row, int first)
    {
        var set = false;
        for (var i = first; i < row.FieldCount && !set; i++) set = !row.IsDBNull(i);
        return set
            ? new(Text(0), Text(1), Text(2), Text(3), Text(4), Text(5), Text(6), Text(7), row.IsDBNull(first + 8)
                ? null
                : row.GetGuid(first + 8), Text(9),
                row.IsDBNull(first + 10) ? [] : row.GetFieldValue<string[]>(first + 10))
            : AccountProfile.None;

        string? Text(int column) => row.IsDBNull(first + column) ? null : row.GetString(first + column);
    }

    /// <summary>What goes with changed accounts: their profiles, the pictures that were replaced, and the links that spoke of an address
    /// they have left.</summary>
    public static void Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<Account>> changed)
    {
        // The database itself clears away what an erased account leaves behind.
        var profiles = changed.Where(c => c.Before!.Profile != c.After.Profile && c.After.State is not AccountState.Deleted)
            .Select(c => c.After).ToArray();
        if (profiles.Length > 0) batch.BatchCommands.Add(Write(profiles));
        var pictured = changed.Where(c => c.Before!.Profile.Picture != c.After.Profile.Picture && c.After.State is not AccountState.Deleted)
            .Select(c => c.After).ToArray();
        if (pictured.Length > 0)
            batch.BatchCommands.Add(Statement.Of("""
                delete from accounts.picture x using unnest($1::uuid[], $2::uuid[]) as n(account, kept)
                  where x.account_id = n.account and x.id is distinct from n.kept
                """, Ids(pictured), Array.ConvertAll(pictured, a => a.Profile.Picture)));
        var moved = changed.Where(c => c.Before!.Email != c.After.Email).Select(c => c.After).ToArray();
        if (moved.Length == 0) return;
        foreach (var links in (string[])["email_verification", "email_change"])
            batch.BatchCommands.Add(Statement.Of($"""
                update accounts.{links} set used_at = sent_at where account_id = any($1) and (used_at is null or used_at = expires_at)
                """, Ids(moved)));
    }

    static NpgsqlBatchCommand Write(Account[] accounts)
    {
        // Arrays of arrays must be rectangular in PostgreSQL; names of fields hold no space, and a key has no line break.
        var values = Details.Select(object? (detail) => Array.ConvertAll(accounts, a => a.Profile[detail]))
            .Append(Array.ConvertAll(accounts, a => a.Profile.Picture))
            .Append(Array.ConvertAll(accounts, a => a.Profile.ProvisionedBy))
            .Append(Array.ConvertAll(accounts, a => a.Profile.ProvisionedBy is null ? null : string.Join(' ', a.Profile.ProvisionedFields)))
            .Append(Array.ConvertAll(accounts, a => string.Join('\n', DetailKeys.Of(a.Profile))));
        return Statement.Of("""
            insert into accounts.profile (account_id, public_name, job_title, department, organization, location, phone, time_zone,
              language, picture, provisioned_by, provisioned_fields, detail_keys)
            select id, public_name, job_title, department, organization, location, phone, time_zone, language, picture, provider,
              string_to_array(fields, ' '), string_to_array(keys, E'\n')
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
              $10::uuid[], $11::text[], $12::text[], $13::text[])
              as n(id, public_name, job_title, department, organization, location, phone, time_zone, language, picture, provider, fields,
                keys)
            on conflict (account_id) do update set public_name = excluded.public_name, job_title = excluded.job_title, department =
              excluded.department, organization = excluded.organization,
              location = excluded.location, phone = excluded.phone, time_zone = excluded.time_zone, language = excluded.language, picture =
                excluded.picture,
              provisioned_by = excluded.provisioned_by, provisioned_fields = excluded.provisioned_fields,
              detail_keys = excluded.detail_keys
            """, [Ids(accounts), .. values]);
    }

    /// <summary>Nothing for the many accounts without a profile: what is not named counts as not set.</summary>
    public static IEnumerable<AuditedValue> Shown(AccountProfile profile) => ReferenceEquals(profile, AccountProfile.None) ? [] :
        [.. Details.Select(d => new AuditedValue(d.Field(), profile[d], Personal: true)), new("picture", profile.Picture?.ToString()),
            new("provisionedBy", profile.ProvisionedBy)];

    static Guid[] Ids(Account[] accounts) => Array.ConvertAll(accounts, a => a.Id.Value);
}
