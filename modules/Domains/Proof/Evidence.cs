namespace DirectoryPlatform.Domains.Proof;

public enum ProofMethod { Dns, Https }

/// <summary>What one look for the token saw (SPEC D7).</summary>
/// <param name="Verdict">"proved" or the stable code of why not.</param>
/// <param name="Explanation">The verdict in words for the administrator.</param>
public sealed record Evidence(ProofMethod Method, bool Proved, string Verdict, string Explanation, IReadOnlyList<EvidenceLine> Saw, DateTimeOffset At);

/// <param name="Source">Which resolver or address answered.</param>
public sealed record EvidenceLine(string Source, string What);
