using MediatR;

namespace DirectoryPlatform.Reporting;

/// <summary>How the accounts that are managed now came to be managed: how many were claimed on each day, or in each month where there are
/// too many days to look at.</summary>
public sealed record ReadGrowth(OrganizationId Organization) : IRequest<Growth>;

/// <param name="ByMonth">Whether a point is a month, named by its first day.</param>
/// <param name="AsOf">Held for some minutes.</param>
public sealed record Growth(IReadOnlyList<GrowthPoint> Points, bool ByMonth, DateTimeOffset AsOf);

/// <param name="Total">Claimed until the end of that day or month.</param>
public sealed record GrowthPoint(DateOnly Day, long Claimed, long Total);
