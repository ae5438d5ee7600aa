using System.Collections.Immutable;
using System.Data.Common;

namespace DirectoryPlatform.Accounts.Internal.Storage;

/// <summary>The wide row beside the account's, read with it and written only when it changed.</summary>
static class ProfileColumns
{
    static readonly DetailDefinition[] Details = [.. AccountDetails.All.Where(d => d.Detail is not AccountDetail.Name)];

    public static readonly string Selected = $"{Each(d => $"p.{d.Column}")}, p.picture, p.provisioned_by, p.provisioned_fields";

    static readonly string WriteSql = $"""
        insert into accounts.profile (account_id, picture, provisioned_by, provisioned_fields, detail_keys, {Each(d => d.Column)})
        select id, picture, provider, string_to_array(fields, ' '), string_to_array(keys, E'\n'), {Each(d => d.Column)}
        from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[],
          {string.Join(", ", Details.Select((_, i) => $"${i + 6}::text[]"))})
          as n(id, picture, provider, fields, keys, {Each(d => d.Column)})
        on conflict (account_id) do update set picture = excluded.picture, provisioned_by = excluded.provisioned_by,
          provisioned_fields = excluded.provisioned_fields, detail_keys = excluded.detail_keys,
          {Each(d => $"{d.Column} = excluded.{d.Column}")}
        """;

    static string Each(Func<DetailDefinition, string> sql) => string.Join(", ", Details.Select(sql));

    public static AccountProfile Read(DbDataReader row)
    {
        var details = Details.Where(d => row[d.Column] is string).ToImmutableDictionary(d => d.Detail, d => (string)row[d.Column]);
        var (picture, provider) = (row["picture"] as Guid?, row["provisioned_by"] as string);
        return details.IsEmpty && picture is null && provider is null
            ? AccountProfile.None
            : new(details, picture, provider, row["provisioned_fields"] as string[] ?? []);
    }

    /// <summary>What goes with changed accounts: their profiles, the pictures that were replaced, and the links that spoke of an address
    /// they have left.</summary>
    public static void Save(NpgsqlBatch batch, IReadOnlyList<GrainChange<Account>> changes)
    {
        // The database itself clears away what an erased account leaves behind.
        var profiles = changes
            .Where(c => (c.Before?.Profile ?? AccountProfile.None) != c.After.Profile && c.After.State is not AccountState.Deleted)
            .Select(c => c.After).ToArray();
        if (profiles.Length > 0) batch.BatchCommands.Add(Write(profiles));
        var changed = changes.Where(c => c.Before is not null).ToArray();
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
        // Arrays of arrays must be rectangular in PostgreSQL; names of fields hold no space, and keys no line break.
        var values = Details.Select(object? (d) => Array.ConvertAll(accounts, a => a.Profile[d.Detail]));
        return Statement.Of(WriteSql,
            [Ids(accounts), Array.ConvertAll(accounts, a => a.Profile.Picture), Array.ConvertAll(accounts, a => a.Profile.ProvisionedBy),
                Array.ConvertAll(accounts, a => a.Profile.ProvisionedBy is null ? null : string.Join(' ', a.Profile.ProvisionedFields)),
                Array.ConvertAll(accounts, a => string.Join('\n', DetailKeys.Of(a.Profile))), .. values]);
    }

    /// <summary>Nothing for the many accounts without a profile: what is not named counts as not set.</summary>
    public static IEnumerable<AuditedValue> Shown(AccountProfile profile) => ReferenceEquals(profile, AccountProfile.None) ? [] :
        [.. Details.Select(d => new AuditedValue(d.Detail.Field(), profile[d.Detail], Personal: true)),
            new("picture", profile.Picture?.ToString()), new("provisionedBy", profile.ProvisionedBy)];

    static Guid[] Ids(Account[] accounts) => Array.ConvertAll(accounts, a => a.Id.Value);
}
