using System.Security.Cryptography;
using System.Text;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestCollectionOrderer("DirectoryPlatform.Tests.Support.Order", "DirectoryPlatform.Tests")]
[assembly: TestCaseOrderer("DirectoryPlatform.Tests.Support.Order", "DirectoryPlatform.Tests")]

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// Tests run in any order: with DIRECTORYPLATFORM_ORDER set to a word they are shuffled by it, the same word alike. Without one the long
/// classes begin first, so that none is left over at the end while the other places stand empty.
/// </summary>
public sealed class Order : ITestCollectionOrderer, ITestCaseOrderer
{
    /// <summary>Classes that take more than half a minute, by the list of slow tests that ./test prints.</summary>
    static readonly string[] Long =
    [
        Heavy.Name, Programs.Name, "SendMail", "OddForms", "ListManagedAccountsTests", "BuildWhenChanged", "ExportAccountsTests",
        "SumUpTheSuite", "EveryKeyOnEveryRoute", "AskForWhatIsNotYours", "KeepToTheDocument", "TryTheFindings", "AskForThePasswordAgain",
        "FuzzTheApi", "FuzzThePages", "ForgetPasswords", "TakeEverythingAlong", "SignInAtAProvider", "EveryTokenOnEveryRoute",
        "ProvisionGroups", "ProveDomain", "ClaimByJob", "Recheck", "KeepDirectories", "TakeTurns", "ImportAccountsTests",
        "ReadFilters",
    ];

    static readonly string? Word = Environment.GetEnvironmentVariable("DIRECTORYPLATFORM_ORDER");

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => Word is null
        ? testCollections.OrderBy(IsLast)
        .ThenBy(c => Array.FindIndex(Long, l => c.DisplayName == l || c.DisplayName.EndsWith($".{l}", StringComparison.Ordinal)) is var at
            and >= 0 ? at : Long.Length)
        : testCollections.OrderBy(IsLast).ThenBy(c => Shuffled(c.DisplayName), StringComparer.Ordinal);

    /// <summary>It asks what all others have seen.</summary>
    static bool IsLast(ITestCollection collection) => collection.DisplayName == WholeRun.Name;

    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases) where TTestCase : ITestCase =>
        Word is null ? testCases : testCases.OrderBy(c => Shuffled(c.UniqueID), StringComparer.Ordinal);

    static string Shuffled(string name) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Word} {name}")));
}
