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
        var sought = DomainToken.TxtPrefix + token;
        string[] names = [$"{DomainToken.ChallengeLabel}.{domain}", domain.Value];
        var answers = await Task.WhenAll(names.Where(name => name.Length <= 253)
            .Select(async name => (await lookup.Look(name, ct)).Select(answer => Read(name, answer, domain, sought))));
        var sights = answers.SelectMany(sight => sight).ToList();
        var (verdict, explanation) = DnsVerdict.Of(sights, domain);
        return new Evidence(ProofMethod.Dns, verdict == Verdicts.Proved, verdict, Seen.Plain(explanation, 1000),
            Seen.Bounded(sights.SelectMany(Lines).ToList()), at);
    }

    static Sight Read(string name, TxtAnswer answer, DomainName domain, string sought) => new(
        name, answer,
        Has: answer.Records.Aggregate(false, (found, record) => found | Same(record, sought)),
        Elsewhere: answer.CnameChain.FirstOrDefault(target => PublicSuffixes.Registrable(target) != domain.RegistrableDomain));

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
sealed record Sight(string Name, TxtAnswer Answer, bool Has, string? Elsewhere)
{
    public bool Answered => Answer.Outcome is TxtOutcome.Records or TxtOutcome.NoRecords or TxtOutcome.NoSuchName;
    public bool Proves => Has && Elsewhere is null;

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

/// <summary>From what the resolvers said to one verdict, the arms in the order an administrator would ask. Pure.</summary>
static class DnsVerdict
{
    public static (string Verdict, string Explanation) Of(IReadOnlyList<Sight> sights, DomainName domain)
    {
        var answered = sights.Where(sight => sight.Answered).ToList();
        var proving = sights.Where(sight => sight.Proves).ToList();
        // By name: a resolver that knows one of the two names but is silent about the other takes nothing away.
        var agreed = proving.Count == 0 ? null : answered.GroupBy(sight => sight.Name)
            .FirstOrDefault(name => name.All(sight => sight.Proves));
        var lacking = proving.Count == 0 ? null : answered.FirstOrDefault(sight => !sight.Proves && sight.Name == proving[0].Name);
        var elsewhere = sights.FirstOrDefault(sight => sight.Elsewhere is not null);
        var values = answered.SelectMany(sight => sight.Answer.Records.Select(record => (sight, record))).ToList();
        var near = values.FirstOrDefault(value => value.record.Contains(DomainToken.TxtPrefix, StringComparison.OrdinalIgnoreCase));
        return true switch
        {
            _ when agreed is not null => (Verdicts.Proved, $"The record is at {agreed.Key}{Silent(sights)}."),
            _ when lacking is not null => (Verdicts.ResolversDisagree,
                $"{proving[0].Answer.Server} sees the record at {proving[0].Name}, but {lacking.Answer.Server} says: {lacking.Said}. If it "
                    + "was published recently, wait until it is visible everywhere, then check again."),
            _ when elsewhere is not null => (Verdicts.CnameElsewhere,
                $"{elsewhere.Name} is a CNAME to {elsewhere.Elsewhere}, which is outside {domain.RegistrableDomain}. Publish the TXT "
                    + $"record in {domain.RegistrableDomain} itself."),
            _ when answered.Count == 0 && sights.All(sight => sight.Answer.Outcome == TxtOutcome.NoAnswer) =>
                (Verdicts.Timeout, $"No DNS server answered: {Each(sights)}. The record could not be checked. Check again."),
            _ when answered.Count == 0 =>
                (Verdicts.ServerFailed, $"DNS gave no usable answer: {Each(sights)}. The name servers of {domain} may be broken."),
            _ when near.record is not null =>
                (Verdicts.OtherValue,
                    $"{near.sight.Name} has {Difference(near.record)}: \"{Seen.Plain(near.record)}\". The record must be exactly "
                    + $"{DomainToken.TxtPrefix} followed by the token shown here."),
            _ when answered.All(sight => sight.Answer.Outcome == TxtOutcome.NoSuchName) =>
                (Verdicts.NameDoesNotExist,
                    $"{domain} does not exist in DNS: neither it nor {DomainToken.ChallengeLabel}.{domain} was found."),
            _ when values.Count > 0 =>
                (Verdicts.OtherValue,
                    $"{values.Select(value => value.sight.Name + value.record).Distinct().Count()} TXT records were found, none of which "
                    + $"begins with {DomainToken.TxtPrefix}."),
            _ => (Verdicts.NoRecord,
                $"There is no TXT record at {DomainToken.ChallengeLabel}.{domain}, and none at {domain}. If it was published recently, it "
                + "may need some time to appear."),
        };
    }

    static string Difference(string record) => record.StartsWith(DomainToken.TxtPrefix, StringComparison.Ordinal)
        ? "a verification record with another token, perhaps an earlier one or another organization's"
        : "a verification record with something in front of it, such as a quotation mark or a space";

    static string Silent(IEnumerable<Sight> sights)
    {
        var silent = sights.Where(sight => !sight.Answered).Select(sight => sight.Answer.Server).Distinct().ToList();
        return silent.Count == 0 ? ", and every resolver sees it" : $"; {string.Join(", ", silent)} did not answer";
    }

    static string Each(IEnumerable<Sight> sights) =>
        string.Join("; ", sights.Select(sight => $"{sight.Answer.Server} – {sight.Said}").Distinct().Take(8));
}
