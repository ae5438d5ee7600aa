namespace DirectoryPlatform.Tests.Browser.Domains;

/// <summary>What an admin sees of a look-up in the real DNS, with knotd as the authority.</summary>
[Collection(OneLab.Name), Trait("Rule", "D7")]
public sealed class ProveOverDns(Lab lab)
{
    [Fact, Trait("Rule", "D5")]
    public Task What_was_seen_is_told_until_the_record_is_right() => Journey.Through(lab.Installation, async go =>
    {
        var admin = await go.Somebody();
        var home = await lab.SignIn(admin);
        var challenge = await admin.AddDomain(home, "plain.test");
        challenge.Name.ShouldBe("_directory-challenge.plain.test");
        challenge.Value.ShouldStartWith("directory-domain-verification=");
        await admin.Sees("Not checked yet");

        await admin.Click("Verify domain");
        await admin.Sees("There is no TXT record at _directory-challenge.plain.test, and none at plain.test");
        foreach (var resolver in (Knot[])[lab.First, lab.Second]) await admin.Sees(resolver.Address);
        await admin.Sees("Not verified");

        lab.Set("plain.test", "_directory-challenge", "TXT", "\"directory-domain-verification=somebody-elses\"");
        await admin.Click("Verify domain");
        await admin.Sees("a verification record with another token");
        await admin.Sees("TXT \"directory-domain-verification=somebody-elses\"");

        lab.Unset("plain.test", "_directory-challenge");
        lab.Set("plain.test", "@", "TXT", "\"v=spf1 -all\"");
        await admin.Click("Verify domain");
        await admin.Sees("which does not begin with directory-domain-verification=");

        lab.Set("plain.test", "_directory-challenge", "TXT", $"\"{challenge.Value}\"");
        await admin.Click("Verify domain");
        await admin.Sees("plain.test is verified.");
        await admin.Sees("The record is at _directory-challenge.plain.test, and every resolver sees it.");
        await admin.GotoAsync($"{home}/domains");
        await Assertions.Expect(admin.GetByRole(AriaRole.Row).Filter(new() { HasText = "plain.test" })).ToContainTextAsync("Verified");
    });

    [Fact, Trait("Rule", "D5")]
    public Task A_record_of_many_strings_among_many_records_is_read_over_TCP() => Journey.Through(lab.Installation, async go =>
    {
        var admin = await go.Somebody();
        var challenge = await admin.AddDomain(await lab.SignIn(admin), "long.test");
        // 60 records of 200 characters each fit in no UDP packet.
        lab.Set("long.test", "_directory-challenge", "TXT", [
            .. Enumerable.Range(0, 60).Select(i => $"\"{i} {new string('x', 200)}\""),
            string.Join(' ', challenge.Value.Chunk(20).Select(part => $"\"{new string(part)}\"")),
        ]);
        await admin.Click("Verify domain");
        await admin.Sees("long.test is verified.");
        await admin.Sees($"TXT \"{challenge.Value}\"");
    });

    [Fact, Trait("Rule", "D5")]
    public Task A_record_behind_a_CNAME_to_another_domain_is_refused() => Journey.Through(lab.Installation, async go =>
    {
        var admin = await go.Somebody();
        var challenge = await admin.AddDomain(await lab.SignIn(admin), "alias.test");
        lab.Set("elsewhere.test", "proof", "TXT", $"\"{challenge.Value}\"");
        lab.Set("alias.test", "_directory-challenge", "CNAME", "proof.elsewhere.test.");
        await admin.Click("Verify domain");
        await admin.Sees("_directory-challenge.alias.test is a CNAME to proof.elsewhere.test, which is outside alias.test");
        await admin.Sees("Not verified");
    });

    [Fact, Trait("Rule", "D5")]
    public Task A_domain_that_nobody_knows_is_called_so() => Journey.Through(lab.Installation, async go =>
    {
        var admin = await go.Somebody();
        await admin.AddDomain(await lab.SignIn(admin), "unknown.gone.test");
        await admin.Click("Verify domain");
        await admin.Sees("unknown.gone.test does not exist in DNS");
        await admin.Sees("NXDOMAIN");
    });

    [Theory, Trait("Rule", "D3")]
    [InlineData("gmail.com")]
    [InlineData("co.uk")]
    [InlineData("192.0.2.1")]
    [InlineData("localhost")]
    [InlineData("bad domain.test")]
    public Task A_name_that_cannot_be_proved_is_refused_beside_its_field(string name) => Journey.Through(lab.Installation, async go =>
    {
        var admin = await go.Somebody();
        await admin.GotoAsync($"{await lab.SignIn(admin)}/domains/add");
        await admin.Fill("Domain", name);
        await admin.Click("Next");
        await Assertions.Expect(admin.Locator("#input-name-error")).Not.ToBeEmptyAsync();
        (await admin.GetByLabel("Domain").InputValueAsync()).ShouldBe(name);
        (await admin.TitleAsync()).ShouldStartWith("Error");
    });
}
