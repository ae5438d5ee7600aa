using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace DirectoryPlatform.Tests.Support;

/// <summary>One row, and what SPEC M1 says of it, told without SQL.</summary>
sealed record ListedPerson(Guid Id, string Name, string Email, AccountState State, bool Verified, Guid? ManagedBy, DateTime ClaimedAt,
    DateTime? LastActive)
{
    string Domain => Email.Split('@')[1];

    public bool Matches(OrganizationId org, ManagedAccountFilter f, DateTimeOffset at)
    {
        var (now, day) = (at.UtcDateTime, DateOnly.FromDateTime(ClaimedAt));
        return ManagedBy == org.Value
            && (f.Search is null || SearchKey.Of(Name).Contains(SearchKey.Typed(f.Search) ?? "", StringComparison.Ordinal)
                || Email.Contains(SearchKey.Typed(f.Search) ?? "", StringComparison.Ordinal))
            && (f.State is null || State == f.State) && (f.Domain is null || Domain == f.Domain)
            && (f.EmailVerified is null || Verified == f.EmailVerified)
            && (f.AddedFrom is null || day >= f.AddedFrom) && (f.AddedTo is null || day <= f.AddedTo)
            && f.LastActive switch
            {
                null => true,
                DirectoryPlatform.Accounts.LastActive.Never => LastActive is null,
                DirectoryPlatform.Accounts.LastActive.Within7Days => LastActive >= now.AddDays(-7),
                DirectoryPlatform.Accounts.LastActive.Within30Days => LastActive >= now.AddDays(-30),
                DirectoryPlatform.Accounts.LastActive.Within90Days => LastActive >= now.AddDays(-90),
                _ => LastActive < now.AddDays(-90),
            };
    }

    public static IEnumerable<ListedPerson> Sorted(IEnumerable<ListedPerson> people, ListSort sort, bool descending)
    {
        var ascending = sort switch
        {
            ListSort.Name => people.OrderBy(p => SearchKey.Of(p.Name), StringComparer.Ordinal),
            ListSort.Email => people.OrderBy(p => p.Email, StringComparer.Ordinal),
            ListSort.Status => people.OrderBy(p => p.State).ThenBy(p => SearchKey.Of(p.Name), StringComparer.Ordinal),
            ListSort.LastActive => people.OrderBy(p => p.LastActive ?? DateTime.MinValue),
            _ => people.OrderBy(p => p.ClaimedAt),
        };
        var all = ascending.ThenBy(p => p.Id.ToString(), StringComparer.Ordinal);
        return descending ? all.Reverse() : all;
    }

    /// <summary>People with few names, times and domains, so that there are ties everywhere;
    /// some are another organization's, some nobody's.</summary>
    public static async Task<IReadOnlyList<ListedPerson>> Write(
        TestInstallation here, OrganizationId org, OrganizationId other, Random random,
        int count)
    {
        var now = new DateTime(here.Clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond,
            DateTimeKind.Utc);
        string[] names = ["Ann", "ann", "Anna", "Ann 1%", "A_n", "Björn", "bjørn", "Zoë", "Z", "\\back", "'quote'", "Ann \"Nan\""];
        var people = Enumerable.Range(0, count).Select(i =>
        {
            var id = new byte[16];
            random.NextBytes(id);
            return new ListedPerson(
                new Guid(id), names[random.Next(names.Length)],
                $"{(random.Next(2) == 0 ? "ann" : "p_")}{i}@{(random.Next(3) == 0 ? "second" : "acme")}.example",
                (AccountState)random.Next(4), random.Next(4) > 0,
                random.Next(8) switch { 0 => other.Value, 1 => null, _ => org.Value }, now.AddDays(-random.Next(12) * 15),
                random.Next(4) == 0 ? null : now.AddDays(-random.Next(20) * 9).AddMinutes(-1));
        }).ToList();
        await using var write = here.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("""
            with written as (
              insert into accounts.account (id, version, email, domain, name, name_key, state, email_verified, managed_by, claimed_at,
                created_at, last_active_at)
              select id, 1, email, split_part(email, '@', 2), name, key, state, verified, managed_by, claimed, claimed, active
              from unnest($1::uuid[], $2::text[], $3::text[], $4::smallint[], $5::boolean[], $6::uuid[], $7::timestamptz[],
                $8::timestamptz[], $9::text[]) n(id, name, email, state, verified, managed_by, claimed, active, key)
              returning id, name_key, email)
            insert into accounts.search select id, name_key || ' ' || email from written
            """);
        foreach (var parameter in (NpgsqlParameter[])
        [
            new() { Value = people.Select(p => p.Id).ToArray() }, new() { Value = people.Select(p => p.Name).ToArray() },
            new() { Value = people.Select(p => p.Email).ToArray() },
            new() { Value = people.Select(p => (short)p.State).ToArray() }, new() { Value = people.Select(p => p.Verified).ToArray() },
            new() { Value = people.Select(p => p.ManagedBy).ToArray() },
            new() { Value = people.Select(p => p.ClaimedAt).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
            new() { Value = people.Select(p => p.LastActive ?? DateTime.MinValue).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
            new() { Value = people.Select(p => SearchKey.Of(p.Name)).ToArray() },
        ]) write.Parameters.Add(parameter);
        await write.ExecuteNonQueryAsync();
        return people;
    }
}
