namespace DirectoryPlatform.Tests.Browser.Domains;

public sealed class SeeResolversDisagree
{
    [Fact, Trait("Rule", "D5")]
    public async Task A_record_that_only_one_of_two_resolvers_has_proves_nothing_and_both_are_named()
    {
        using var first = Knot.Start("spread.test");
        using var second = Knot.Start("spread.test");
        await using var installation = await Installation.StartSeeded(
            ["--accounts", "1", "--domain", "lab.test", "--org", "lab", "--password", Steps.DemoPassword], ("Domains__Dns__Servers", $"{first.Address},{second.Address}"));
        await Journey.Through(installation, async go =>
        {
            var admin = await go.Somebody();
            var challenge = await admin.AddDomain(await admin.SignInAsAdmin("admin@lab.test"), "spread.test");
            first.Set("spread.test", "_directory-challenge", "TXT", $"\"{challenge.Value}\"");
            await admin.Click("Verify domain");
            await admin.Sees($"{first.Address} sees the record at _directory-challenge.spread.test, but {second.Address} says");
            await admin.Sees("Not verified");

            second.Set("spread.test", "_directory-challenge", "TXT", $"\"{challenge.Value}\"");
            await admin.Click("Verify domain");
            await admin.Sees("spread.test is verified.");
        });
    }
}
