using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace DirectoryPlatform.Domains;

/// <summary>What an organization publishes to prove a domain (SPEC D4):
/// new for each pair of organization and domain, void when the domain is removed.</summary>
static class DomainToken
{
    const int Bytes = 48;

    /// <summary>Stands before the token in a TXT record.</summary>
    public const string TxtPrefix = "directory-domain-verification=";

    /// <summary>The label below which the TXT record is looked for first.</summary>
    public const string ChallengeLabel = "_directory-challenge";

    /// <summary>48 random bytes in base64: 64 characters, no padding.</summary>
    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));
}

public enum ProofMethod { Dns, Https }

/// <summary>What one check saw and what follows from it (SPEC D7). Kept and shown as it is; survives System.Text.Json.</summary>
/// <param name="Method">How it was looked for.</param>
/// <param name="Proved">True only with the verdict <c>proved</c>.</param>
/// <param name="Verdict">One of <see cref="Verdicts"/>, stable for ever.</param>
/// <param name="Explanation">For the administrator: what was seen, and why it does not match. Plain text, one or two sentences.</param>
/// <param name="Saw">At most 50 lines, in the order they were seen.</param>
/// <param name="At">When the check began, UTC.</param>
public sealed record Evidence(ProofMethod Method, bool Proved, string Verdict, string Explanation, IReadOnlyList<EvidenceLine> Saw,
    DateTimeOffset At)
{
    /// <summary>The place was reached and the token is not there, as opposed to a network that
    /// did not answer, a server that failed, or resolvers of two minds.</summary>
    [JsonIgnore]
    public bool SaysMissing => IsMissing(Verdict);

    /// <summary>The same of a verdict alone, which is what the audit log holds.</summary>
    public static bool IsMissing(string verdict) =>
        verdict is Verdicts.NoRecord or Verdicts.OtherValue or Verdicts.OtherName or Verdicts.NameDoesNotExist or Verdicts.CnameElsewhere
        or Verdicts.NotContained or Verdicts.HttpStatus;
}

/// <summary>One thing seen.</summary>
/// <param name="Source">Who said it: a resolver with its port and the name asked, or the page's URL.</param>
/// <param name="What">At most 300 characters of it; control characters are written as <c>\uXXXX</c>.</param>
public sealed record EvidenceLine(string Source, string What);

/// <summary>Every verdict there is.</summary>
static class Verdicts
{
    public const string Proved = "proved";
    public const string NoRecord = "noRecord";
    public const string OtherValue = "otherValue";
    public const string OtherName = "otherName";
    public const string ResolversDisagree = "resolversDisagree";
    public const string CnameElsewhere = "cnameElsewhere";
    public const string NameDoesNotExist = "nameDoesNotExist";
    public const string ServerFailed = "serverFailed";
    public const string Timeout = "timeout";
    public const string PrivateAddress = "privateAddress";
    public const string CannotConnect = "cannotConnect";
    public const string BadCertificate = "badCertificate";
    public const string RedirectedAway = "redirectedAway";
    public const string TooManyRedirects = "tooManyRedirects";
    public const string HttpStatus = "httpStatus";
    public const string TooLarge = "tooLarge";
    public const string TooSlow = "tooSlow";
    public const string BrokenAnswer = "brokenAnswer";
    public const string NotContained = "notContained";
}
