using System.Buffers;
using System.Text.Json;

namespace DirectoryPlatform.Kernel.Audit;

/// <summary>One value of a grain as the audit log and the history show it; null means "not set".</summary>
/// <param name="Personal">Kept in the erasable column.</param>
public readonly record struct AuditedValue(string Name, string? Value, bool Personal = false);

/// <summary>One change (SPEC L1), written in the transaction of the change itself.</summary>
public sealed record AuditEntry(
    Guid Id, DateTimeOffset At, Guid? Organization, Origin Origin, Guid Subject, string Action, Guid? Job = null, string? Fact = null,
    string? Before = null, string? After = null, string? Personal = null)
{
    /// <summary>Compares what a grain shows before and after; only what differs is kept.</summary>
    public static AuditEntry Of(
        Guid id, DateTimeOffset at, Guid? organization, Origin origin, Guid subject, Fact fact, IReadOnlyList<AuditedValue> before,
        IReadOnlyList<AuditedValue> after)
    {
        var (plain, personalFact) = FactTypes.Split(fact);
        List<(string Name, string? Was, string? Now)> changed = [], personalChanged = [];
        foreach (var now in after)
        {
            var was = before.FirstOrDefault(v => v.Name == now.Name).Value;
            if (was != now.Value) (now.Personal ? personalChanged : changed).Add((now.Name, was, now.Value));
        }
        return new(id, at, organization, origin, subject, fact.GetType().Name, null, plain,
            changed.Count == 0 ? null : Json(w => Write(w, changed, c => c.Was)),
            changed.Count == 0 ? null : Json(w => Write(w, changed, c => c.Now)),
            personalFact is null && personalChanged.Count == 0 ? null : Json(w =>
            {
                w.WriteStartObject();
                if (personalFact is not null)
                {
                    w.WritePropertyName("fact");
                    personalFact.WriteTo(w);
                }
                if (personalChanged.Count > 0)
                {
                    w.WritePropertyName("before");
                    Write(w, personalChanged, c => c.Was);
                    w.WritePropertyName("after");
                    Write(w, personalChanged, c => c.Now);
                }
                w.WriteEndObject();
            }));
    }

    static void Write(Utf8JsonWriter json, List<(string Name, string? Was, string? Now)> changed,
        Func<(string Name, string? Was, string? Now), string?> value)
    {
        json.WriteStartObject();
        foreach (var change in changed) json.WriteString(change.Name, value(change));
        json.WriteEndObject();
    }

    static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
