using DirectoryPlatform.Domains.Internal.Dns;

namespace DirectoryPlatform.Domains.Internal.Proof;

/// <summary>From what the resolvers said to one verdict, the arms in the order an administrator would ask. Pure.</summary>
static class DnsVerdict
{
    /// <summary>Whether it is of use to look under other names: nothing proves, and the network answers.</summary>
    public static bool MayBeElsewhere(IReadOnlyList<Sight> sights) =>
        sights.Any(sight => sight.Answered)
        && sights.All(sight => sight is { Has: false, Elsewhere: null, Near: null or { IsOurs: false } });

    /// <param name="sights">Of the two names at which the record may be.</param>
    /// <param name="strays">Of the names at which it may be by mistake.</param>
    public static (string Verdict, string Explanation) Of(IReadOnlyList<Sight> sights, IReadOnlyList<Sight> strays, DomainName domain)
    {
        var answered = sights.Where(sight => sight.Answered).ToList();
        var proving = sights.Where(sight => sight.Proves).ToList();
        // By name: a resolver that knows one of the two names but is silent about the other takes nothing away.
        var agreed = proving.Count == 0 ? null : answered.GroupBy(sight => sight.Name)
            .FirstOrDefault(name => name.All(sight => sight.Proves));
        var lacking = proving.Count == 0 ? null : answered.FirstOrDefault(sight => !sight.Proves && sight.Name == proving[0].Name);
        var elsewhere = sights.FirstOrDefault(sight => sight.Elsewhere is not null);
        var values = answered.SelectMany(sight => sight.Answer.Records.Select(record => (sight, record))).ToList();
        var near = answered.FirstOrDefault(sight => sight.Near is { IsOurs: true })
            ?? answered.FirstOrDefault(sight => sight.Near is not null);
        var stray = strays.FirstOrDefault(sight => sight.Has) ?? strays.FirstOrDefault(sight => sight.Near is { IsOurs: true });
        var astray = answered.FirstOrDefault(sight => sight.Astray is not null);
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
            _ when stray is not null => (Verdicts.OtherName,
                $"{(stray.Has ? "The right record" : "A record")} is at {stray.Name}, {Why(stray, domain)}. "
                    + (stray.Has ? "" : $"It has {stray.Near!.What}. ")
                    + $"The record must be at {DomainToken.ChallengeLabel}.{domain} or at {domain}."),
            _ when near is not null =>
                (Verdicts.OtherValue,
                    $"{near.Name} has {near.Near!.What}: \"{Seen.Plain(near.Near.Record)}\". The record must be exactly "
                    + $"{DomainToken.TxtPrefix} followed by the token shown here."),
            _ when astray is not null => (Verdicts.NoRecord,
                $"{astray.Name} is a CNAME record to {astray.Astray}, which has no TXT record. The type of the record must be TXT. "
                    + "A name with a CNAME record can have no other one: remove it, or publish the TXT record at "
                    + $"{(astray.Name == domain.Value ? $"{DomainToken.ChallengeLabel}.{domain}" : domain.Value)}."),
            _ when answered.All(sight => sight.Answer.Outcome == TxtOutcome.NoSuchName) =>
                (Verdicts.NameDoesNotExist,
                    $"{domain} does not exist in DNS: neither it nor {DomainToken.ChallengeLabel}.{domain} was found."),
            _ when values.Count > 0 =>
                (Verdicts.OtherValue,
                    values.Select(value => value.sight.Name + value.record).Distinct().Count() is > 1 and var count
                        ? $"{count} TXT records were found, none of which begins with {DomainToken.TxtPrefix}."
                        : $"One TXT record was found, which does not begin with {DomainToken.TxtPrefix}."),
            _ => (Verdicts.NoRecord,
                $"There is no TXT record at {DomainToken.ChallengeLabel}.{domain}, and none at {domain}. If it was published recently, it "
                + "may need some time to appear."),
        };
    }

    static string Why(Sight stray, DomainName domain) => NearName.Of(domain).First(near => near.Name == stray.Name).Why;

    static string Silent(IEnumerable<Sight> sights)
    {
        var silent = sights.Where(sight => !sight.Answered).Select(sight => sight.Answer.Server).Distinct().ToList();
        return silent.Count == 0 ? ", and every resolver sees it" : $"; {string.Join(", ", silent)} did not answer";
    }

    static string Each(IEnumerable<Sight> sights) =>
        string.Join("; ", sights.Select(sight => $"{sight.Answer.Server} – {sight.Said}").Distinct().Take(8));
}
