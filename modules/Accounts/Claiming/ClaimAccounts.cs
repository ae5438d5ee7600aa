using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>A claim, or an unclaiming, being prepared in the wizard (SPEC C1, C6); kept in the database so that Back, reload and another
/// node all work. Void after a day.</summary>
public readonly record struct ClaimDraftId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>Step 1: all accounts on the domain, or those of an uploaded one-column CSV.</summary>
/// <param name="Csv">Null for all; otherwise the file: at most 5 MB, BOM, CRLF, header, blank lines,
/// duplicates and any letter case accepted.</param>
/// <param name="Unclaim">True to give accounts back instead of claiming them (D12, C6);
/// such accounts go on the exclusion list (C7).</param>
public sealed record BeginClaim(OrganizationId Organization, DomainId Domain, Stream? Csv, Origin Origin, bool Unclaim = false)
    : IRequest<Outcome<ClaimDraftId>>;

/// <summary>Steps 2 to 4 read the draft. The numbers come from the same <c>Decide</c> that the job runs (C8).</summary>
public sealed record ReviewClaim(OrganizationId Organization, ClaimDraftId Draft) : IRequest<Outcome<ClaimReview>>;

/// <param name="FromFile">True when the accounts come from an uploaded file.</param>
/// <param name="Unclaim">True when accounts are given back.</param>
/// <param name="WillChange">Accounts that the job will claim, or unclaim, if nothing changes until it runs.</param>
/// <param name="Refused">The others by reason, in the order an admin would ask; only reasons that occur.</param>
/// <param name="BadLines">Rows of the file that name no account, at most the first 100,
/// each with its line number (1-based) and reason.</param>
/// <param name="MustTypeName">Above 1,000 accounts the admin types the domain name to confirm.</param>
public sealed record ClaimReview(
    ClaimDraftId Draft, DomainId Domain, string DomainName, bool FromFile, bool Unclaim, bool Automatic, long WillChange,
    IReadOnlyList<ClaimRefusalCount> Refused,
    long BadLineCount, IReadOnlyList<BadLine> BadLines, bool MustTypeName);

/// <param name="Code">A refusal's code, as in the result file.</param>
public sealed record ClaimRefusalCount(string Code, string Sentence, long Accounts);

/// <summary>Step 3: whether accounts that appear later on the domain are claimed in the same moment (C4).</summary>
public sealed record ChooseNewAccounts(OrganizationId Organization, ClaimDraftId Draft, bool Automatic) : IRequest<Outcome<Done>>;

/// <summary>Step 4: starts the job (C2). Sending it twice starts one job.</summary>
/// <param name="TypedName">What the admin typed; must be the domain's name when the review says
/// <see cref="ClaimReview.MustTypeName"/>.</param>
/// <param name="Notify">Whether the people are told by mail who manages their account now, or no longer.</param>
public sealed record ConfirmClaim(OrganizationId Organization, ClaimDraftId Draft, string? TypedName, Origin Origin, bool Notify = false)
    : IRequest<Outcome<JobId>>;

/// <summary>Writes the review as CSV: Email, Name, Account id, Result. One line per account, streamed.</summary>
public sealed record ExportClaimReview(OrganizationId Organization, ClaimDraftId Draft, Stream Output) : IRequest<Outcome<Done>>;
