using System.Diagnostics;
using System.Net;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// An open page is told nothing more once whoever looks at it may not (SPEC A9; decision 0070). The time is what is tested: nothing runs
/// beside it.
/// </summary>
[Trait("Rule", "A9")]
[Collection(Alone.Name)]
public sealed class EndStreamsInTime(RunningNode node) : OnOpenPage(node)
{
    /// <summary>What the gate remembers, the stream's beat and some room: less than the second of SPEC A9.</summary>
    static readonly TimeSpan AtMost = TimeSpan.FromMilliseconds(750);

    [Fact]
    public async Task A_stream_ends_when_the_session_does()
    {
        using var alone = await Proof.Alone();
        using var ada = await SignedIn();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await Open(ada, Path);
            await using var stream = await answer.Content.ReadAsStreamAsync();
            await Read(stream, "retry:");
            await Task.Delay(1000 + 170 * i);
            await Here.Grant(new LogOutEverywhere(Ada, null, null, TestInstallation.Console));
            var since = Stopwatch.StartNew();
            await Read(stream);
            since.Elapsed.ShouldBeLessThan(AtMost);
            (await Open(ada, Path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            await ada.SignIn(Address("ada"), Password);
        }
    }

    [Fact]
    public async Task A_stream_ends_when_a_role_is_taken_away_and_nobody_elses_is_opened()
    {
        using var alone = await Proof.Alone();
        using var ada = await SignedIn();
        var globex = await Here.Organization($"globex-{No}");
        (await Open(ada, $"/o/{globex}/live")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await Here.Admin(Acme, Address("eve"));
        using var answer = await Open(ada, Path);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        await Read(stream, "retry:");
        await Here.Grant(new RemoveAdmin(Acme, Ada, TestInstallation.Console));
        var since = Stopwatch.StartNew();
        await Read(stream);
        since.Elapsed.ShouldBeLessThan(AtMost);
    }
}
