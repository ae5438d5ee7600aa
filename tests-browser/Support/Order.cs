using Xunit.Abstractions;

[assembly: TestCollectionOrderer("DirectoryPlatform.Tests.Support.Order", "DirectoryPlatform.Tests.Browser")]

namespace DirectoryPlatform.Tests.Support;

/// <summary>The long classes begin first, so that none is left over at the end while the other place stands empty.</summary>
public sealed class Order : ITestCollectionOrderer
{
    /// <summary>By the list of slow tests that ./test prints. The first is the name of a collection; the second does not wait with it
    /// for the same demo.</summary>
    static readonly string[] Long = ["One demo, left as it was found", "ActOnMany", "EveryPage", "ProveOneself", "TakeTheTour",
        "ManageTwoHundredThousandAccounts", "ShowEveryComponent", "ManageUsers"];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(
        c => Array.FindIndex(Long, l => c.DisplayName == l || c.DisplayName.EndsWith($".{l}", StringComparison.Ordinal)) is var at and >= 0
            ? at : Long.Length);
}
