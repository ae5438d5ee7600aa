namespace DirectoryPlatform.Tests.Browser.Demo;

[Collection(OneLab.Name)]
public sealed class SeeNothingOfIt(Lab lab)
{
    [Fact, Trait("Rule", "R3")]
    public Task Without_demo_its_pages_do_not_exist_and_no_page_speaks_of_it() => Journey.Through(lab.Installation, async go =>
    {
        var visitor = await go.Somebody();
        foreach (var path in (string[])["/demo/dns", "/demo/mail", "/demo/clock", "/ui"])
            (await visitor.GotoAsync(path))!.Status.ShouldBe(404);
        (await visitor.ContentAsync()).ShouldNotContain("This is a demo");
    });
}
