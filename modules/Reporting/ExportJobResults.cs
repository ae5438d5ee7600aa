using MediatR;

namespace DirectoryPlatform.Reporting;

/// <summary>Streams a job's per-account results as CSV (SPEC C2, C9): Email, Name, Account id, Result. Refuses a job of another
/// organization before the first byte.</summary>
public sealed record ExportJobResults(OrganizationId Organization, JobId Job, Stream Output) : IRequest<Outcome<Done>>;
