using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Cli;

/// <summary><c>docs/cli.md</c> as it is written, and what the program promises to scripts.</summary>
[Trait("Rule", "P9")]
public sealed class DriveTheProduct : OnCommandLine
{
    async Task<string> AKey(params ApiScope[] scopes) => (await Key(Acme, Ada, scopes)).Secret;

    [Fact]
    public async Task Every_example_of_the_guide_works()
    {
        var examples = Checkout.CommandsOf("docs/cli.md");
        examples.Count.ShouldBeGreaterThan(5);
        await Here.Send(new OfferApps([new("jira", "Jira")]));
        var site = await Here.Grant(new CreateSite(Acme, "Team", "https://team.acme.example", By(Ada)));
        await Here.Grant(new PutAppOnSite(site, "jira", By(Ada)));
        await Here.Grant(new InviteUsers(site, ["liam@acme.example"], new Dictionary<string, AppRole> { ["jira"] = AppRole.User }, [], null,
            By(Ada)));
        var ann = await Here.Account("ann@acme.example");
        await Here.StartBackground();
        await File.WriteAllTextAsync(Path.Combine(Folder, "key.txt"), await AKey());
        var ended = await Run(string.Join('\n', examples));
        ended.Exit.ShouldBe(0, $"{ended}");
        ended.Errors.ShouldContain("nobody@acme.example: There is nobody");
        ended.Errors.ShouldContain("100 %");
        (await Here.Grant(new ReadAccount(ann))).ManagedBy.ShouldBe(Acme, "it was claimed");
        (await Here.Grant(new ReadAccount(Liam))).State.ShouldBe(AccountState.Active);
        (await Here.Rows<string>("select action from kernel.audit_entry where action = 'AccountDeactivated'")).Count.ShouldBe(2);
        (await File.ReadAllTextAsync(Path.Combine(Folder, "results.csv"))).ShouldContain("ann@acme.example");
        const string results = """
            directory jobs results "$(directory jobs list --limit 1 --json | sed -n 's/.*"id":"\([^"]*\)".*/\1/p')" > /dev/full
            """;
        (await Run(results)).ShouldSatisfyAllConditions(
            e => e.Exit.ShouldBe(1, "the disk is full, and the server answers"), e => e.Errors.ShouldContain("No space left on device"));
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in (string[])[Kept, Path.Combine(Folder, "results.csv")])
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, $"{file} is its owner's alone");
    }

    [Fact]
    public async Task A_file_of_results_stays_as_it_was_when_there_are_none()
    {
        var (key, file) = (await AKey(), Path.Combine(Folder, "ours.csv"));
        await File.WriteAllTextAsync(file, "ours");
        (await Run("directory jobs results nonsense --output ours.csv", key)).Exit.ShouldBe(2);
        (await Run($"directory jobs results {Guid.CreateVersion7()} --output ours.csv", key)).Exit.ShouldBe(4);
        (await File.ReadAllTextAsync(file)).ShouldBe("ours");
        System.IO.Directory.GetFiles(Folder, "ours.csv*").ShouldBe([file]);
        (await Run("directory jobs results nonsense --output nowhere/ours.csv", key)).Exit.ShouldBe(2);
    }

    [Fact]
    public async Task Its_exit_codes_are_those_of_the_guide()
    {
        var key = await AKey();
        (await Run("directory whoami")).ShouldSatisfyAllConditions(e => e.Exit.ShouldBe(3), e => e.Errors.ShouldContain("not signed in"));
        (await Run("directory whoami", $"{key}x")).Exit.ShouldBe(3, "no key at all");
        (await Run("directory people frobnicate", key)).Exit.ShouldBe(2);
        (await Run("directory people deactivate", key)).Exit.ShouldBe(2, "nobody is named");
        foreach (var none in (int[])[0, -1]) (await Run($"directory audit follow --limit {none}", key)).Exit.ShouldBe(2);
        (await Run("directory people show nobody@acme.example", key)).Exit.ShouldBe(4);
        (await Run("directory people show gus@globex.example", key)).Exit.ShouldBe(4, "another organization's");
        (await Run($"directory people show {Gus}", key)).Exit.ShouldBe(4, "another organization's");
        (await Run("directory people deactivate liam@acme.example nobody@acme.example", key)).Exit.ShouldBe(5);
        (await Run("directory people list", await AKey(ApiScope.JobsRead))).ShouldSatisfyAllConditions(
            e => e.Exit.ShouldBe(1), e => e.Errors.ShouldContain("accounts:read"), e => e.Said.ShouldBe(""));
        (await Run("directory domains remove acme.example < /dev/null", key)).Exit.ShouldBe(2, "nobody is there to ask");
        (await Run("directory domains remove acme.example --yes", await AKey(ApiScope.DomainsRead))).Exit.ShouldBe(1);
        (await Run("directory whoami", key, null, ("DIRECTORY_URL", $"http://127.0.0.1:{Ports.Free()}"))).Exit.ShouldBe(6);
        (await Here.Grant(new ReadAccount(Liam))).State.ShouldBe(AccountState.Deactivated);
    }

    [Fact]
    public async Task A_list_goes_over_all_pages_and_a_file_of_many_tells_of_each()
    {
        const int many = 12;
        for (var i = 0; i < many; i++) await Here.Account($"p{i}@acme.example", managedBy: Acme);
        var key = await AKey();
        using (var list = JsonDocument.Parse((await Run("directory people list --search p --json", key)).Said))
            list.RootElement.EnumerateArray().Select(p => p.GetProperty("email").GetString()).Distinct().Count()
                .ShouldBeGreaterThanOrEqualTo(many);
        (await Run("directory people list --limit 3 --json", key)).Said.Split("account_id").Length.ShouldBe(4);

        var people = string.Join('\n', Enumerable.Range(0, many).Select(i => $"\"P, {i}\";p{i}@acme.example"));
        var ended = await Run("directory people deactivate --from-file - --ignore-errors --json", key,
            $"\uFEFFName;Email\n{people}\nNobody;nobody@acme.example\n# a comment\n\nTwice;P1@acme.example\n");
        ended.Exit.ShouldBe(5, $"{ended}");
        using var said = JsonDocument.Parse(ended.Said);
        said.RootElement.EnumerateArray().Count(p => p.GetProperty("done").GetBoolean()).ShouldBe(many);
        said.RootElement.EnumerateArray().Single(p => !p.GetProperty("done").GetBoolean()).GetProperty("person").GetString()
            .ShouldBe("nobody@acme.example");
        (await Here.Scalar<long>("select count(*) from accounts.account where state = 2 and email like 'p%@acme.example'")).ShouldBe(many);
        (await Run("directory people deactivate --from-file nobody.txt; exit 0", key, null)).Errors.ShouldContain("There is no file");
        (await Run("printf 'email\\n' | directory claims start acme.example --from-file -", key)).Exit
            .ShouldBe(2, "an empty file is nobody, and not everybody");

        // Whom a line does not name is not left out without a word.
        foreach (var line in (string[])["\"P, 0,p0@acme.example", "P 0", "P 0,"])
            (await Run("directory people reactivate --from-file - --ignore-errors", key, $"Name,Email\n{line}\nP 1,p1@acme.example\n"))
                .ShouldSatisfyAllConditions(e => e.Exit.ShouldBe(2, line), e => e.Errors.ShouldContain("names nobody"));
        (await Here.Scalar<long>("select count(*) from accounts.account where state = 2 and email like 'p%@acme.example'")).ShouldBe(many);
        (await Run("directory claims start acme.example --from-file -", key, "E-Mail\n+ann@acme.example\n")).ShouldSatisfyAllConditions(
            e => e.Exit.ShouldBe(2), e => e.Errors.ShouldContain("E-Mail is no email address."));
        await Here.Account("+ann@acme.example");
        (await Run("directory claims preview acme.example --from-file - --json", key, "Name,Email\r\nAnn,\"'+ann@acme.example\"\r\n"))
            .Said.ShouldContain("\"willChange\":1", Case.Sensitive, "as our own files write it");
    }

    [Fact]
    public async Task A_key_goes_nowhere_but_where_it_belongs()
    {
        var key = await AKey();
        (await Run("directory sign-out --json")).ShouldSatisfyAllConditions(
            e => e.Exit.ShouldBe(0, "nobody has signed in on this machine"), e => e.Said.ShouldContain("""{"forgotten":false}"""));
        (await Run("directory sign-in http://directory.acme.example --with-key", input: key)).ShouldSatisfyAllConditions(
            e => e.Exit.ShouldBe(2), e => e.Errors.ShouldContain("https"));
        await using var stranger = await AppServer.Start("\e]0;mine\a{}");
        (await Run("directory whoami", key, null, ("DIRECTORY_URL", stranger.Address.AbsoluteUri))).ShouldSatisfyAllConditions(
            e => e.Exit.ShouldBe(6), e => e.Errors.ShouldContain("Is the address right?"),
            e => $"{e.Said}{e.Errors}".ShouldNotContain('\e'));
        (await Run("directory sign-in \"$ADDRESS\" --with-key", input: key)).Exit.ShouldBe(0);
        (await Run("directory whoami --url " + stranger.Address)).Errors.ShouldContain("not to");
        (await Run($"chmod 644 {Kept}; directory whoami")).ShouldSatisfyAllConditions(
            e => e.Exit.ShouldBe(3), e => e.Errors.ShouldContain("Other people can read"));
        (await Run("directory sign-out; directory whoami")).Exit.ShouldBe(3);
        File.Exists(Kept).ShouldBeFalse();
    }

    [Fact]
    public async Task It_completes_itself_and_every_command_explains_itself()
    {
        (await Run("""
            source <(directory completion bash)
            COMP_LINE='directory people de' COMP_POINT=19 COMP_WORDS=(directory people de) COMP_CWORD=2
            _directory
            echo "${COMPREPLY[@]}"
            """)).Said.Trim().ShouldBe("deactivate");
        var help = (await Run("directory --help")).Said;
        foreach (var command in (string[])["people", "domains", "claims", "jobs", "policies", "groups", "audit", "sign-in", "version"])
        {
            help.ShouldContain(command);
            (await Run($"directory {command} --help")).Exit.ShouldBe(0);
        }
        (await Run("directory version --url \"$ADDRESS\"")).Said.ShouldContain($"server {ProductVersion.Number}");
    }
}
