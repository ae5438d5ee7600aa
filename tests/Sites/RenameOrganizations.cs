using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Sites;

public sealed class RenameOrganizations : OnSite
{
    [Fact, Trait("Rule", "L1")]
    public async Task An_organization_gets_another_name_and_keeps_its_short_one()
    {
        await Here.Grant(new RenameOrganization(Acme, "  Acme & Söhne ", By(Ada)));
        var named = (await Here.Send(new FindOrganization("acme")))!;
        (named.Id, named.Name).ShouldBe((Acme, "Acme & Söhne"));
        foreach (var bad in (string?[])[null, " ", new string('x', 101), "a\u0001b"])
            (await Here.Refuse(new RenameOrganization(Acme, bad, By(Ada)))).ShouldBeOfType<InvalidValue>();
        (await Here.Refuse(new RenameOrganization(new(Guid.NewGuid()), "Nobody", By(Ada)))).ShouldBeOfType<NotFound>();
        await Here.Grant(new RenameOrganization(Acme, "Acme & Söhne", By(Ada)));
        (await Here.Rows<(string, string)>(
            "select before->>'name', after->>'name' from kernel.audit_entry where action = 'OrganizationRenamed'"))
            .ShouldBe([("acme", "Acme & Söhne")]);
    }
}
