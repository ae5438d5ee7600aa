using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>True while there is no account at all and no demo: the first visit is led to setup (SPEC R4).</summary>
public sealed record IsSetupNeeded : IRequest<bool>;

/// <summary>Creates the first account and organization, guarded by the one-time code that the console printed (SPEC R4).</summary>
public sealed record SetUp(string? Code, string? OrganizationName, string? Name, string? Email, string? Password, Origin Origin) : IRequest<Outcome<Done>>;
