using System.Text.Json.Serialization;

namespace DirectoryPlatform.Domains.Proof;

public enum ProofMethod { Dns, Https }

/// <summary>What one look for the token saw (SPEC D7).</summary>
/// <param name="Verdict">"proved" or the stable code of why not.</param>
/// <param name="Explanation">The verdict in words for the administrator.</param>
public sealed record Evidence(ProofMethod Method, bool Proved, string Verdict, string Explanation, IReadOnlyList<EvidenceLine> Saw, DateTimeOffset At)
{
    /// <summary>The place was reached and the token is not there, as opposed to a network that did not answer.</summary>
    [JsonIgnore]
    public bool SaysMissing => !Proved && Verdict is not ("timeout" or "serverFailed" or "tooSlow" or "unreachable" or "resolversDisagree");
}

/// <param name="Source">Which resolver or address answered.</param>
public sealed record EvidenceLine(string Source, string What);
