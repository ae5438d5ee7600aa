using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>Writes a population in bulk (SPEC R5). People who are there already are left alone,
/// so that a broken-off run can be repeated.</summary>
/// <param name="Written">Called with the ids of each finished chunk, from several threads.</param>
public sealed record SeedAccounts(Population Population, int Count, Origin Origin, Func<IReadOnlyList<AccountId>, Task> Written)
    : IRequest<long>;
