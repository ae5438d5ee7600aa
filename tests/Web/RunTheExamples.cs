using System.Diagnostics;
using System.Text.RegularExpressions;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Provisioning.Internal;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Api.Document;
using DirectoryPlatform.Web.Shared;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The examples of docs/api.md, run by bash and curl against a real port,
/// in the order in which they stand there (SPEC P1).</summary>
[Trait("Rule", "P1")]
public sealed partial class RunTheExamples : OnApi
{
    [Fact]
    public async Task Every_example_of_the_guide_works()
    {
        var examples = Example().Matches(await Guide()).Select(m => m.Groups[1].Value).ToList();
        examples.Count.ShouldBeGreaterThan(9);
        await Here.Send(new OfferApps([new("jira", "Jira")]));
        var site = await Here.Grant(new CreateSite(Acme, "Team", "https://team.acme.example", By(Ada)));
        await Here.Grant(new PutAppOnSite(site, "jira", By(Ada)));
        await Here.Account("ann@acme.example");
        await Here.Grant(new CreateApiToken(Liam, "Backup", 90, By(Liam)));
        var directory = await Here.Grant(new CreateIdentityDirectory(Acme, Ada, "Entra ID", By(Ada)));
        await Here.StartBackground();
        await using var listening = await WholeSite.Listening(Here);
        var script = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", string.Join('\n', examples)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        foreach (var (name, value) in ((string, object)[])[
            ("ADDRESS", listening.Address.AbsoluteUri.TrimEnd('/')), ("KEY", (await Key(Acme, Ada)).Secret),
            ("SCIM", new Uri(listening.Address, new Uri(directory.Directory.BaseUrl).AbsolutePath)), ("SCIM_TOKEN", directory.Token)])
            script.Environment[name] = $"{value}";
        using var process = Process.Start(script)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);
        process.ExitCode.ShouldBe(0, $"{await output}\n{await errors}");
        (await output).ShouldContain("liam.long@acme.example");
        (await Here.Rows<string>("select label from security.api_token where revoked_at is null")).ShouldBeEmpty("the token was found");
        (await Here.Rows<string>("select recipient from kernel.mail where recipient like 'quiet@%'")).ShouldBeEmpty();
    }

    [Fact, Trait("Rule", "P7")]
    public async Task The_guide_lists_every_operation_with_its_state()
    {
        var rows = (await Guide()).Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|').Select(cell => cell.Trim()).ToArray())
            .Where(cells => cells[1].Contains(" /", StringComparison.Ordinal))
            .ToDictionary(cells => cells[1].Trim('`'), cells => cells[2]);
        rows.Keys.Order().ShouldBe(Operations.All.Select(o => $"{o.Method} {o.Path}").Order());
        foreach (var operation in Operations.All)
            (rows[$"{operation.Method} {operation.Path}"] == "501").ShouldBe(operation.LeftOut is not null, operation.Name);
    }

    [Fact]
    public async Task The_guide_tells_which_detail_each_core_attribute_becomes()
    {
        var rows = (await Guide()).Split('\n').Where(line => line.StartsWith('|')).Select(line => line.Split('|')).ToList();
        ProvidedUser.Mapped.Where(m => !m.Attribute.StartsWith(ProvidedUser.Enterprise, StringComparison.Ordinal))
            .Where(m => !rows.Exists(row => Regex.IsMatch(row[1], $"`{m.Attribute}[`.]")
                && row[2].Contains(DetailLabel.Of(m.Detail).Label, StringComparison.OrdinalIgnoreCase)))
            .Select(m => m.Attribute).ShouldBeEmpty();
    }

    static Task<string> Guide() => File.ReadAllTextAsync(Path.Combine(Checkout.Root.FullName, "docs", "api.md"));

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
