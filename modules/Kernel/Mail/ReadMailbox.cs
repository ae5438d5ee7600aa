using MediatR;

namespace DirectoryPlatform.Kernel;

/// <summary>The demo's mailbox (SPEC R3): what would have been sent, newest first. Empty outside demo mode.</summary>
/// <param name="To">Only mails to this address; null for all.</param>
public sealed record ReadMailbox(string? To = null, int Take = 50) : IRequest<IReadOnlyList<MailView>>;

/// <param name="Text">The plain-text body; links in it are absolute.</param>
public sealed record MailView(Guid Id, string To, string Subject, string Text, string Html, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, string? Failure);
