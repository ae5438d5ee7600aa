using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>Begins a request that is to be carried out once (SPEC P4).
/// Refused with <see cref="IdempotencyKeyReused"/> or <see cref="StillBeingDone"/>.</summary>
/// <param name="Key">Of the API key: names are its own.</param>
/// <param name="RequestHash">SHA-256 of the request.</param>
public sealed record BeginOnce(Guid Key, string Name, byte[] RequestHash) : IRequest<Outcome<Begun>>;

/// <param name="Before">The answer of the request that came before; null for the first one.</param>
public sealed record Begun(KeptAnswer? Before);

/// <summary>Ends it.</summary>
/// <param name="Answer">Null when it may be tried again.</param>
public sealed record EndOnce(Guid Key, string Name, KeptAnswer? Answer) : IRequest<Done>;

public sealed record KeptAnswer(int Status, string? ContentType, string Body);

public sealed record IdempotencyKeyReused()
    : Refusal("idempotencyKeyReused", "This Idempotency-Key was used for another request. Choose a new one for each request.");

public sealed record StillBeingDone()
    : Refusal("stillBeingDone", "The request with this Idempotency-Key is still being carried out. Ask again in a moment.");
