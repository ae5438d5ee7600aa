using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace DirectoryPlatform.Webhooks.Internal;

/// <summary>
/// One delivery: a stretch of the log as JSON, signed as the Standard Webhooks specification has it (headers webhook-id, webhook-timestamp,
/// webhook-signature; HMAC-SHA256 over "id.timestamp.body").
/// </summary>
sealed class WebhookPost(IOutsideHttp http, TimeProvider clock)
{
    /// <summary>Events in a delivery.</summary>
    public const int Most = 100;

    /// <summary>What comes next; null when nothing does.</summary>
    public static async Task<SealedStretch?> Next(NpgsqlConnection connection, Hook hook) =>
        hook is { UptoNo: { } no, UptoPosition: { } position }
            ? new(hook.No, hook.Position, no, position)
            : await SealedStretch.After(connection, hook.Organization, hook.No, hook.Position, Most);

    /// <summary>Apart from the sending, so that nobody holds a connection while the receiver is waited for.</summary>
    public static async Task<WebhookBody> Read(NpgsqlConnection connection, Hook hook, SealedStretch stretch)
    {
        var events = (await connection.QueryAsync<Event>($"""
            select x.id, e.at, e.action, e.actor_id as actor, e.subject_id as subject, e.means, e.address, e.request_id as request, e.job_id
              as job, e.fact::text, e.before::text, e.after::text, e.personal::text
            from {SealedStretch.Entries("@Organization", "@No", "@Position", "@UptoNo", "@UptoPosition")} left
              join kernel.v_audit_entry e on e.id = x.id order by s.no, x.n
            """, new { hook.Organization, stretch.No, stretch.Position, stretch.UptoNo, stretch.UptoPosition })).AsList();
        var id = hook.Delivery(stretch).ToString();
        return new(id, Body(id, hook, events), events.Count);
    }

    public Task<OutsideAnswer> Send(Hook hook, WebhookBody body, CancellationToken ct)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = HMACSHA256.HashData(hook.Secret, (byte[])[.. Encoding.UTF8.GetBytes($"{body.Id}.{timestamp}."), .. body.Json]);
        var headers = new Dictionary<string, string>
        {
            ["webhook-id"] = body.Id,
            ["webhook-timestamp"] = timestamp,
            ["webhook-signature"] = $"v1,{Convert.ToBase64String(signed)}",
            ["User-Agent"] = "DirectoryPlatform"
        };
        return http.Post(hook.Url, body.Json, headers, ct);
    }

    static byte[] Body(string id, Hook hook, IReadOnlyList<Event> events)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("organization", hook.Organization);
            json.WriteStartArray("events");
            foreach (var one in events) Write(json, one);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    static void Write(Utf8JsonWriter json, Event one)
    {
        json.WriteStartObject();
        json.WriteString("id", one.Id);
        if (one.Action is not null)
        {
            json.WriteString("at", DateTime.SpecifyKind(one.At!.Value, DateTimeKind.Utc));
            json.WriteString("action", ActionNames.Outside(one.Action));
            Id("actor", one.Actor);
            Id("subject", one.Subject);
            json.WriteString("means", one.Means);
            json.WriteString("address", one.Address);
            json.WriteString("requestId", one.Request);
            Id("job", one.Job);
            Raw("fact", one.Fact);
            Raw("before", one.Before);
            Raw("after", one.After);
            Raw("personal", one.Personal);
        }
        json.WriteEndObject();

        void Id(string name, Guid? value)
        {
            if (value is { } id) json.WriteString(name, id);
            else json.WriteNull(name);
        }

        void Raw(string name, string? value)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value ?? "null");
        }
    }

    /// <summary>All but the id is null when the entry is not in the log any more.</summary>
    sealed record Event(Guid Id, DateTime? At, string? Action, Guid? Actor, Guid? Subject, string? Means, string? Address, string? Request,
        Guid? Job, string? Fact, string? Before, string? After, string? Personal);
}

/// <param name="Id">The same for each try of the same delivery.</param>
sealed record WebhookBody(string Id, byte[] Json, int Events);
