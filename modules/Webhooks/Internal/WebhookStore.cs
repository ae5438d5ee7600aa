using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Webhooks.Internal;

/// <summary>A webhook's row, its secret opened.</summary>
sealed record Hook(Guid Id, Guid Organization, Uri Url, byte[] Secret, long No, int Position, long? UptoNo, int? UptoPosition, int Attempts)
{
    /// <summary>The same for each try of the same delivery.</summary>
    public Guid Delivery(SealedStretch stretch) => DeterministicGuid.Of("webhook", Id, stretch.No, stretch.Position);
}

sealed class WebhookStore(NpgsqlDataSource database, IDataProtectionProvider protection, TimeProvider clock)
{
    const int SecretBytes = 32;
    const string SecretMark = "whsec_";

    /// <summary>Waiting entries are counted up to here.</summary>
    const string View = """
        select w.id, w.url, w.created_at as createdAt, w.paused, w.attempts, w.next_at as nextAt, w.failure,
          coalesce((select sum(cardinality(s.ids)) from kernel.v_audit_seal s where s.organization_id = w.organization_id
            and s.no >= w.no), 0) - w.position as waiting
        from directory.webhook w where w.organization_id = @organization
        """;

    readonly IDataProtector _protector = protection.CreateProtector("webhook secret");

    public (string Shown, string Sealed) NewSecret()
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        return ($"{SecretMark}{Convert.ToBase64String(secret)}", Convert.ToBase64String(_protector.Protect(secret)));
    }

    public async Task<IReadOnlyList<WebhookView>> Views(OrganizationId organization, Guid? only = null)
    {
        return [.. (await database.Rows<Row>($"{View} and (@only::uuid is null or w.id = @only) order by w.created_at",
            new { organization = organization.Value, only }))
            .Select(r =>
                new WebhookView(new(r.Id), r.Url, r.CreatedAt, r.Paused, r.Attempts, r.NextAt, r.Failure, Math.Max(0, r.Waiting)))];
    }

    public async Task<IReadOnlyList<WebhookTry>> Tries(Guid webhook, Guid? only = null)
    {
        return [.. (await database.Rows<TryRow>("""
            select id, delivery_id as delivery, at, events, milliseconds, status, failure, by_hand as byHand from directory.webhook_try
            where webhook_id = @webhook and (@only::uuid is null or id = @only) order by at desc, id desc limit 100
            """, new { webhook, only }))
                .Select(t => new WebhookTry(t.Id, t.Delivery, t.At, t.Events, TimeSpan.FromMilliseconds(t.Milliseconds), t.Status,
                    t.Failure, t.ByHand))];
    }

    public async Task<Hook?> Find(NpgsqlConnection connection, Guid webhook, OrganizationId? organization = null)
    {
        var row = await connection.QuerySingleOrDefaultAsync<(Guid Id, Guid Organization, string Url, string Secret, long No, int Position,
            long? UptoNo, int? UptoPosition, int Attempts)?>("""
            select id, organization_id, url, secret, no, position, upto_no, upto_position, attempts from directory.webhook
              where id = @webhook and (@organization::uuid is null or organization_id = @organization)
            """, new { webhook, organization = organization?.Value });
        return row is { } r
            ? new(r.Id, r.Organization, new Uri(r.Url), _protector.Unprotect(Convert.FromBase64String(r.Secret)), r.No, r.Position,
                r.UptoNo, r.UptoPosition, r.Attempts)
            : null;
    }

    /// <returns>A try, and the statement that writes it down.</returns>
    public (WebhookTry Made, NpgsqlBatchCommand Statement) Tried(Hook hook, SealedStretch stretch, int events, OutsideAnswer answer,
        bool byHand)
    {
        var now = clock.GetUtcNow();
        var made = new WebhookTry(Guid.CreateVersion7(now), hook.Delivery(stretch), now, events, answer.Took, answer.Status, answer.Failure,
            byHand);
        var command = new NpgsqlBatchCommand(
            "insert into directory.webhook_try (id, webhook_id, delivery_id, no, position, upto_no, upto_position, events, at, "
            + "milliseconds, status, failure, by_hand) select $1, id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 "
            + "from directory.webhook where id = $2");
        foreach (var value in (object?[])[
            made.Id, hook.Id, made.Delivery, stretch.No, stretch.Position, stretch.UptoNo, stretch.UptoPosition, events, now.UtcDateTime,
            (int)answer.Took.TotalMilliseconds, answer.Status, answer.Failure, byHand])
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        return (made, command);
    }

    sealed record Row(Guid Id, string Url, DateTime CreatedAt, bool Paused, int Attempts, DateTime? NextAt, string? Failure, long Waiting);

    sealed record TryRow(Guid Id, Guid Delivery, DateTime At, int Events, int Milliseconds, int? Status, string? Failure, bool ByHand);
}
