using System.Security.Cryptography;
using DirectoryPlatform.Domains.Internal.Dns;

namespace DirectoryPlatform.Domains.Internal.Proof;

/// <summary>
/// A TXT record <c>directory-domain-verification=token</c> at <c>_directory-challenge.domain</c> or at the domain (SPEC D4, D5). One name
/// proves when every resolver that answered has it there; a resolver that lacks it has at least not heard yet, or somebody lies to one.
/// </summary>
sealed class ProofByDns(ITxtLookup lookup, TimeProvider clock)
{
    public async Task<Evidence> Look(DomainName domain, string token, CancellationToken ct)
    {
        var at = clock.GetUtcNow();
        var sights = await Ask([$"{DomainToken.ChallengeLabel}.{domain}", domain.Value], domain, token, ct);
        var strays = DnsVerdict.MayBeElsewhere(sights)
            ? await Ask([.. NearName.Of(domain).Select(near => near.Name)], domain, token, ct)
            : [];
        var (verdict, explanation) = DnsVerdict.Of(sights, strays, domain);
        return new Evidence(ProofMethod.Dns, verdict == Verdicts.Proved, verdict, Seen.Plain(explanation, 1000),
            Seen.Bounded([.. sights.SelectMany(Lines), .. strays.Where(s => s.Near?.IsOurs is true).SelectMany(Lines)]), at);
    }

    /// <summary>By name, each resolver's answer.</summary>
    async Task<IReadOnlyList<Sight>> Ask(IReadOnlyList<string> names, DomainName domain, string token, CancellationToken ct)
    {
        var answers = await Task.WhenAll(names.Where(name => name.Length <= 253)
            .Select(async name => (await lookup.Look(name, ct)).Select(answer => Read(name, answer, domain, token))));
        return [.. answers.SelectMany(sight => sight)];
    }

    static Sight Read(string name, TxtAnswer answer, DomainName domain, string token)
    {
        var has = answer.Records.Aggregate(false, (found, record) => found | Same(NearValue.Bare(record), DomainToken.TxtPrefix + token));
        return new(name, answer, has,
            Elsewhere: answer.CnameChain.FirstOrDefault(target => PublicSuffixes.Registrable(target) != domain.RegistrableDomain),
            Near: has ? new("", "the right record", true) : NearValue.Of(answer.Records, token));
    }

    static bool Same(string record, string sought) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(record), Encoding.UTF8.GetBytes(sought));

    static IEnumerable<EvidenceLine> Lines(Sight sight)
    {
        var source = $"{sight.Answer.Server}, {sight.Name}";
        var took = $"({sight.Answer.Took.TotalMilliseconds:0} ms)";
        foreach (var target in sight.Answer.CnameChain)
            yield return Seen.Line(source, $"CNAME {target}");
        if (sight.Answer.Outcome != TxtOutcome.Records)
            yield return Seen.Line(source, $"{sight.Said} {took}");
        // Ours first: it must not be cut off by fifty others.
        foreach (var record in sight.Answer.Records.OrderByDescending(record =>
            record.StartsWith(DomainToken.TxtPrefix, StringComparison.Ordinal)))
            yield return Seen.Line(source, $"TXT \"{record}\"");
    }
}

/// <summary>One resolver's answer about one name, already compared with the token.</summary>
/// <param name="Elsewhere">The first CNAME target outside the domain's registrable domain, or null.</param>
/// <param name="Near">What of it looks like the record; null for nothing.</param>
sealed record Sight(string Name, TxtAnswer Answer, bool Has, string? Elsewhere, NearValue? Near)
{
    public bool Answered => Answer.Outcome is TxtOutcome.Records or TxtOutcome.NoRecords or TxtOutcome.NoSuchName;
    public bool Proves => Has && Elsewhere is null;

    /// <summary>A CNAME that ends where there is no TXT record; null where it is none.</summary>
    public string? Astray => Answer is { Outcome: TxtOutcome.NoRecords or TxtOutcome.NoSuchName, CnameChain: [.., var end] } ? end : null;

    public string Said => (Answer.Outcome switch
    {
        TxtOutcome.Records => $"{Answer.Records.Count} TXT records",
        TxtOutcome.NoRecords => "no TXT record",
        TxtOutcome.NoSuchName => "the name does not exist (NXDOMAIN)",
        TxtOutcome.ServerFailed => "the server failed",
        TxtOutcome.NoAnswer => "no answer",
        TxtOutcome.Unreadable => "an unreadable answer",
    }) + (Answer.Detail is null ? "" : $", {Answer.Detail}");
}
