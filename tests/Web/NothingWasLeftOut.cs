using System.Globalization;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Asks at the end of a whole run what all the other tests together have seen.</summary>
/// <remarks>Run once more, alone, it would have nobody to ask: <c>build/works.py</c> leaves out who carries the trait.</remarks>
[Collection(WholeRun.Name), Trait("Asks", "AllOthers")]
public sealed class NothingWasLeftOut : OnApi
{
    [Fact, Trait("Rule", "P3")]
    public async Task Every_documented_answer_of_the_API_was_given_to_some_test()
    {
        var documented = (await Document())["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject())
            .SelectMany(o => o.Value!["responses"]!.AsObject()
                .Select(r =>
                    (Operation: o.Value["operationId"]!.GetValue<string>(), Status: int.Parse(r.Key, CultureInfo.InvariantCulture))))
                    .ToList();
        documented.Count.ShouldBeGreaterThan(450);
        if (WholeRun.IsOn) documented.Where(d => !ApiContract.Seen.ContainsKey(d)).Select(d => $"{d.Operation} {d.Status}").ShouldBeEmpty();
    }

    [Fact, Trait("Rule", "L1")]
    public void Every_command_of_every_module_left_neither_too_little_nor_too_much_in_the_audit_log()
    {
        AuditWatch.Faults.ShouldBeEmpty();
        AuditWatch.Commands().Count().ShouldBeGreaterThan(100);
        if (WholeRun.IsOn) AuditWatch.Unseen().ShouldBeEmpty("no test granted these under a request of its own");
    }

    [Fact]
    public void No_test_went_on_after_its_end() => Lanes.Shared.LateLeaks.ShouldBeEmpty();
}
