namespace DirectoryPlatform.Tests.Browser.Domains;

[Collection(OneLab.Name)]
public sealed class SeeResolversDisagree(Lab lab)
{
    [Fact, Trait("Rule", "D5")]
    public Task A_record_that_only_one_of_two_resolvers_has_proves_nothing_and_both_are_named() =>
        Journey.Through(lab.Installation, async go =>
    {
        var admin = await go.Somebody();
        var challenge = await admin.AddDomain(await lab.SignIn(admin), "spread.test");
        lab.First.Set("spread.test", "_directory-challenge", "TXT", $"\"{challenge.Value}\"");
        await admin.Click("Verify domain");
        await admin.Sees($"{lab.First.Address} sees the record at _directory-challenge.spread.test, but {lab.Second.Address} says");
        await admin.Sees("The check got no clear answer.");
        await admin.Sees("Not verified");

        lab.Second.Set("spread.test", "_directory-challenge", "TXT", $"\"{challenge.Value}\"");
        await admin.Click("Verify domain");
        await admin.Sees("spread.test is verified.");

        // It stays so while they disagree again, and the check is not told as one that has found the token (SPEC D7).
        lab.Second.Unset("spread.test", "_directory-challenge");
        await admin.Click("Verify now");
        await admin.Sees("The check got no clear answer.");
        await admin.Sees("Verify now");
    });
}
