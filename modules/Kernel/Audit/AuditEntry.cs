using System.Text.Json.Nodes;

namespace DirectoryPlatform.Kernel;

/// <summary>One value of a grain as the audit log and the history show it; null means "not set".</summary>
/// <param name="Personal">Kept in the erasable column.</param>
public readonly record struct AuditedValue(string Name, string? Value, bool Personal = false);

/// <summary>One change (SPEC L1), written in the transaction of the change itself.</summary>
public sealed record AuditEntry(
    Guid Id, DateTimeOffset At, Guid? Organization, Origin Origin, Guid Subject, string Action, Guid? Job, string? Fact, string? Before, string? After, string? Personal)
{
    /// <summary>Compares what a grain shows before and after; only what differs is kept.</summary>
    public static AuditEntry Of(
        Guid id, DateTimeOffset at, Guid? organization, Origin origin, Guid subject, Fact fact, IReadOnlyList<AuditedValue> before, IReadOnlyList<AuditedValue> after)
    {
        var (plain, personalFact) = FactTypes.Split(fact);
        var was = before.ToDictionary(v => v.Name);
        JsonObject plainBefore = [], plainAfter = [], personalBefore = [], personalAfter = [];
        foreach (var now in after)
        {
            var old = was.TryGetValue(now.Name, out var v) ? v.Value : null;
            if (old == now.Value) continue;
            (now.Personal ? personalBefore : plainBefore)[now.Name] = old;
            (now.Personal ? personalAfter : plainAfter)[now.Name] = now.Value;
        }
        JsonObject personal = [];
        if (personalFact is not null) personal["fact"] = personalFact;
        if (personalBefore.Count > 0) (personal["before"], personal["after"]) = (personalBefore, personalAfter);
        return new(id, at, organization, origin, subject, fact.GetType().Name, null, plain, Text(plainBefore), Text(plainAfter), Text(personal));
    }

    static string? Text(JsonObject values) => values.Count == 0 ? null : values.ToJsonString();
}
