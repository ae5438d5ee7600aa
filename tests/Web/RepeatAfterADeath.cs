using System.Diagnostics;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>What a killed process was at may be begun anew within seconds, and what a frozen one is at may not (SPEC P4).</summary>
[Collection(Programs.Name), Trait("Rule", "P4"), Trait("Rule", "R2")]
public sealed class RepeatAfterADeath : OnApi
{
    [Fact]
    public async Task A_killed_process_frees_its_keys_within_seconds_and_a_frozen_one_does_not()
    {
        var request = new BeginOnce((await Here.Send(new ReadApiKeys(Acme))).Single().Id, "monday-1", [1]);
        using var node = HostProcess.StartNode(Here.ConnectionString, Ports.FreeAddress());
        await TestInstallation.Others(async () => await Here.Scalar<long>("""
            select count(*) from kernel.node n join pg_locks on locktype = 'advisory' and objid = kernel.process_lock(n.id)::oid and granted
            """) == 1, TimeSpan.FromMinutes(2), "the node does not show that it lives");
        // As if the node had begun it and not ended it.
        (await Here.Grant(request)).Before.ShouldBeNull();
        await Here.Scalar<int>("update security.api_answer set process = (select id from kernel.node)");
        node.Freeze();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(5); await Task.Delay(250))
            (await Here.Refuse(request)).ShouldBeOfType<StillBeingDone>();
        (await Here.Scalar<long>("select count(*) from kernel.node where lives_until > clock_timestamp()"))
            .ShouldBe(0, "its lease is over");
        await node.Kill();
        await TestInstallation.Others(async () => (await Here.Send(request)).Granted, TimeSpan.FromSeconds(5), "it was not free");
    }
}
