using Dapper;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Provisioning.Protocol;
using Npgsql;

namespace DirectoryPlatform.Provisioning;

/// <summary>
/// One request at a time for one person, on all nodes together. What is done to the account happens in the Accounts room's own turns, on
/// connections of their own; the lock around them makes the requests of one person follow one another. It is an advisory one and no row's:
/// an erasure holds the account's row and wants ours, so a row's lock could wait in a circle that no database sees. On each node the
/// organizations share a number of places, see <see cref="FairPlaces{TParty}"/>: one that sends hundreds of changes at once, or whose
/// changes hang, keeps no other one waiting.
/// </summary>
sealed class ProvisioningLock(NpgsqlDataSource database)
{
    /// <summary>
    /// Turns under way on this node: each holds a connection while the account's turn needs another, so all connections must never be held.
    /// Half of them are as many as the provider of one organization can have (own choice).
    /// </summary>
    internal const int Most = 32;

    /// <summary>More of one organization wait only when its providers send faster than it is possible to write (own choice).</summary>
    internal const int MostWaiting = 500;

    /// <summary>About as long as so many take.</summary>
    const int SecondsOfFull = 5;

    static readonly ScimFault Full = new(429, null,
        $"Very many changes by this organization’s identity providers are waiting already. "
        + $"Nothing was done. Try again in {Waits.InWords(SecondsOfFull)}.")
    {
        RetryAfter = SecondsOfFull,
    };

    readonly FairPlaces<(OrganizationId Whose, bool ByProvider)> _places = new(Most);

    internal int Free => _places.Free;

    internal int WaitingOf(OrganizationId organization) => _places.Waiting((organization, true));

    public static string Of(Guid account) => $"provisioned {account}";

    /// <summary>What a provider asks. All providers of an organization share its places, however many directories it has; refused when very
    /// many of them wait.</summary>
    /// <param name="names">Taken in this order: what is more general first, so that nobody waits in a circle.</param>
    /// <param name="deed">Commits by itself what it wrote on the connection; the locks end with the transaction.</param>
    public Task<Outcome<ScimReply>> OfProvider(
        ProvisioningGrant by, IReadOnlyCollection<string> names, Func<NpgsqlConnection, NpgsqlTransaction, Task<Outcome<ScimReply>>> deed,
        CancellationToken ct) =>
        InPlaceOfProvider(by, () => Locked(names, deed, ct), ct);

    /// <summary>The same for a deed with locks of its own: it, too, holds a connection while it waits for them.</summary>
    public async Task<Outcome<T>> InPlaceOfProvider<T>(ProvisioningGrant by, Func<Task<Outcome<T>>> deed, CancellationToken ct)
        where T : notnull
    {
        using var place = await _places.Enter((by.Organization, true), MostWaiting, ct);
        return place is null ? Full : await deed();
    }

    /// <summary>What an organization's admins ask, and what is done for it in the background:
    /// apart from its providers, whose crowd holds neither up.</summary>
    /// <param name="whose">The default for what concerns many organizations.</param>
    public async Task<T> Alone<T>(OrganizationId whose, IReadOnlyCollection<string> names,
        Func<NpgsqlConnection, NpgsqlTransaction, Task<T>> deed, CancellationToken ct)
    {
        using var place = await _places.Enter((whose, false), int.MaxValue, ct);
        return await Locked(names, deed, ct);
    }

    async Task<T> Locked<T>(IReadOnlyCollection<string> names, Func<NpgsqlConnection, NpgsqlTransaction, Task<T>> deed,
        CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var name in names)
            batch.BatchCommands
                .Add(new("select pg_advisory_xact_lock(hashtextextended($1, 0))") { Parameters = { new() { Value = name } } });
        await batch.ExecuteNonQueryAsync(ct);
        return await deed(connection, transaction);
    }

    /// <summary>One name more, known only after a part of the deed: always the last one.</summary>
    public static Task Also(NpgsqlConnection connection, string name, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition("select pg_advisory_xact_lock(hashtextextended(@name, 0))", new { name },
            cancellationToken: ct));
}
