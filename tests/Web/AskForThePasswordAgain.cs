using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Encodings.Web;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Pages.Account;
using DirectoryPlatform.Web.Pages.Confirm;
using DirectoryPlatform.Web.Permissions;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// Whatever changes how an account is reached or secured, or carries data off, asks for the password again (SPEC S12): read from the one
/// list, held against every page and route that is compiled in. A new page that sends something of the list is found here without a line;
/// a new command has to be judged.
/// </summary>
[Trait("Rule", "S12")]
public sealed class AskForThePasswordAgain(FurnishedSite all) : OnFurnishedSite(all)
{
    /// <summary>
    /// What pages send without asking again, and why that is right.
    /// Whoever adds a command puts it here or on the list of <see cref="StepUp"/>.
    /// </summary>
    static readonly Dictionary<string, string[]> Free = new()
    {
        ["nobody is signed in yet, or a password, code or link is the proof"] =
        [
            nameof(SetUp), nameof(SignIn), nameof(SignUp), nameof(SignOut), nameof(FindProvider), nameof(GiveTwoStepCode),
            nameof(ChoosePasswordAtSignIn), nameof(ConfirmTwoStepAtSignIn), nameof(CancelOwnDeletion),
            nameof(BeginProviderSignIn), nameof(FinishProviderSignIn), nameof(RequestPasswordReset), nameof(FollowPasswordReset),
            nameof(FinishSignUp), nameof(ConfirmNewEmail), nameof(StopEmailChange), nameof(TakeAddressBack),
            nameof(AcceptInvitation), nameof(JoinByInvitation), nameof(ProveItIsYou),
        ],
        ["it closes a door, perhaps in a hurry, and whoever had the key can open it again"] =
            [nameof(LogOutDevice), nameof(LogOutEverywhere), nameof(DeactivateAccount)],
        ["it gives back what there was"] = [nameof(ReactivateAccount), nameof(CancelDeletion)],
        ["a draft changes nothing; its confirmation is judged by itself"] =
        [
            nameof(PrepareBulk), nameof(PrepareInvitees), nameof(PrepareBulkByList), nameof(PrepareUndo), nameof(DraftChangeByList),
            nameof(DraftInvitations), nameof(PrepareUserChange), nameof(BeginClaim),
        ],
        ["names, details, pictures and wording"] =
        [
            nameof(ChangeDetail), nameof(UploadPicture), nameof(ChangePicture), nameof(SuggestDetails), nameof(AnswerSuggestion),
            nameof(RenameOrganization), nameof(RenameSite), nameof(ChooseExperience), nameof(ChangeOrganizationWording),
            nameof(RetryMail),
        ],
        ["who uses what, which the person sees and an admin takes back"] =
        [
            nameof(InviteUsers), nameof(ResendInvitation), nameof(RevokeInvitation), nameof(ChangeMembership),
            nameof(GiveRole), nameof(CreateGroup), nameof(ChangeGroup), nameof(DeleteGroup), nameof(AddToGroupByEmail),
            nameof(RemoveFromGroup), nameof(GiveGroupAccess), nameof(CreateSite), nameof(PutAppOnSite), nameof(TakeAppOffSite),
        ],
        ["a new organization is nobody else’s, and its first admin is who made it"] =
            [nameof(CreateOrganization), nameof(AppointOrganizationAdmin)],
        ["it brings accounts under the organization, and changes none of them"] =
        [
            nameof(AddDomain), nameof(VerifyDomain), nameof(ClaimPerson), nameof(ChooseNewAccounts), nameof(ExcludeByEmail),
            nameof(ReadmitAccount),
            nameof(SendVerificationMail),
        ],
        ["background work that was confirmed before"] = [nameof(CancelJob), nameof(ResumeJob)],
    };

    static readonly HashSet<Type> AsksItself = [.. StepUp.AsksItself.Commands];

    static readonly TimeSpan TooLong = ProofAge.Lasts + TimeSpan.FromMinutes(1);

    /// <summary>What a browser can ask: not what a bearer alone opens.</summary>
    IReadOnlyList<(RouteEndpoint Endpoint, RequiresAttribute Requires)> BrowserRoutes() => [.. Routes().Where(r => !r.Requires.Bearer)];

    static IReadOnlySet<Type> SentBy(RouteEndpoint route) =>
        route.Metadata.GetMetadata<ConfirmedAction>() is { } action ? SentRequests.By(action.Ask)
        : route.Metadata.GetMetadata<CompiledPageActionDescriptor>() is { } page ? SentRequests.By(page.ModelTypeInfo!)
        : route.Metadata.GetMetadata<MethodInfo>() is { } handler ? SentRequests.By(handler)
        : route.RequestDelegate is { } plain && plain.Method.Module.Assembly == typeof(StepUp).Assembly ? SentRequests.By(plain)
        : throw new InvalidOperationException(
            $"{route.RoutePattern.RawText} is neither a page nor a handler: teach this test what it sends");

    /// <summary>Each handler of a page that is sent something: "" and those with names.</summary>
    static IEnumerable<string> Handlers(RouteEndpoint route) =>
        from handler in route.Metadata.GetMetadata<CompiledPageActionDescriptor>()?.HandlerMethods ?? []
        where !HttpMethods.IsGet(handler.HttpMethod) && !HttpMethods.IsHead(handler.HttpMethod)
        select handler.Name is { } name ? $"?handler={name}" : "";

    static string Named(RouteEndpoint route, IEnumerable<Type> sent) =>
        $"{route.RoutePattern.RawText} can send {string.Join(", ", sent.Select(c => c.Name))}";

    static bool IsPage(RouteEndpoint route) => route.Metadata.GetMetadata<PageActionDescriptor>() is not null;

    async Task<SiteVisitor> AdaALongTimeAfterSheSignedIn()
    {
        var ada = _site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        Here.Clock.Pass(TooLong);
        return ada;
    }

    [Fact]
    public void Every_page_that_can_send_something_of_the_list_declares_it_and_no_other_asks()
    {
        var (told, guarded) = (new List<string>(), new HashSet<Type>());
        foreach (var (route, requires) in BrowserRoutes())
        {
            var listed = SentBy(route).Where(StepUp.Guards).ToList();
            guarded.UnionWith(listed);
            var asks = requires.Fresh || requires.FreshToSend;
            if (listed.Count > 0 && !asks) told.Add($"{Named(route, listed)} and does not ask for the password again");
            if (listed.Count == 0 && asks)
                told.Add($"{route.RoutePattern.RawText} asks for the password again and sends nothing of the list");
            if (listed.Count > 0 && !IsPage(route) && !requires.Fresh) told.Add($"{Named(route, listed)} when it is only looked at");
        }
        told.ShouldBeEmpty(string.Join('\n', told));
        StepUp.Rows.SelectMany(r => r.Commands).Except(guarded).Select(c => c.Name).ShouldBeEmpty("on the list, and no page sends it");
    }

    [Fact]
    public void Every_command_that_a_page_can_send_is_judged()
    {
        var free = Free.Values.SelectMany(names => names).ToHashSet();
        var sent = BrowserRoutes().Where(r => r.Requires.Permission is not Permission.Demo).SelectMany(r => SentBy(r.Endpoint))
            .Intersect(AuditWatch.Commands()).ToHashSet();
        sent.Count.ShouldBeGreaterThan(80);
        sent.Where(c => !StepUp.Guards(c) && !AsksItself.Contains(c) && !free.Contains(c.Name)).Select(c => c.Name).Order()
            .ShouldBeEmpty(
                "does it change how an account is reached or secured, or carry data off? Then it belongs on StepUp's list, "
                + "else here with a reason");
        StepUp.Rows.SelectMany(r => r.Commands).Select(c => c.Name).Intersect(free).ShouldBeEmpty("on both lists");
    }

    [Fact]
    public void Programs_are_asked_for_a_scope_wherever_they_can_send_something_of_the_list()
    {
        var (told, found) = (new List<string>(), 0);
        foreach (var route in _site.Routes.Where(r =>
            r.Metadata.GetMetadata<RequiresAttribute>() is { Bearer: true } or { Permission: Permission.Provision }))
        {
            var listed = SentBy(route).Where(StepUp.Guards).ToList();
            found += listed.Count;
            if (listed.Count > 0
                && route.Metadata.GetMetadata<RequiresAttribute>() is { Scope: null, Permission: not Permission.Provision })
                told.Add($"{Named(route, listed)} and needs no scope");
        }
        told.ShouldBeEmpty(string.Join('\n', told));
        found.ShouldBeGreaterThan(5, "some are found, so that the others are looked at");
    }

    [Fact]
    public async Task Whatever_is_sent_too_late_is_asked_for_the_password_keeps_what_was_typed_and_changes_nothing()
    {
        using var ada = await AdaALongTimeAfterSheSignedIn();
        var token = await ada.Token("/account/api-tokens");
        token.ShouldNotBeEmpty();
        var (before, told, asked) = (await Everything(), new List<string>(), 0);
        (string Name, string Value)[] typed = [.. Fields, ("several", "one"), ("several", "two <b>"), ("Input.List[0].Name", "é\"'")];
        foreach (var (route, requires) in BrowserRoutes().Where(r => r.Requires.Fresh || r.Requires.FreshToSend))
        {
            var path = Path(route, "acme", "acme");
            using var looked = await ada.Get(path);
            var question = $"/confirm-it-is-you?returnTo={Uri.EscapeDataString(path)}";
            if (requires.Fresh != (looked.Headers.Location?.OriginalString == question))
                told.Add($"GET {path}: {(int)looked.StatusCode} {looked.Headers.Location}");
            foreach (var handler in Handlers(route))
            {
                asked++;
                using var answer = await ada.Send(path + handler, token, typed);
                var page = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode is not HttpStatusCode.Forbidden || !Has($"name=\"{FreshProof.Field}\""))
                    told.Add($"POST {path}{handler}: {(int)answer.StatusCode}");
                else if (!Has($"action=\"{path}{handler}\"")) told.Add($"POST {path}{handler}: the question goes on to another page");
                foreach (var (name, value) in typed)
                    if (!Has($"<input type=\"hidden\" name=\"{Html(name)}\" value=\"{Html(value)}\">"))
                        told.Add($"POST {path}{handler}: {name}={value} is lost");

                bool Has(string text) => page.Contains(text, StringComparison.Ordinal);
            }
        }
        told.ShouldBeEmpty(string.Join('\n', told.Take(20)));
        asked.ShouldBeGreaterThan(35);
        (await Everything()).ShouldBe(before);

        static string Html(string text) => HtmlEncoder.Default.Encode(text);
    }

    [Fact]
    public async Task Each_command_of_the_list_has_a_guard_that_lets_nobody_through_with_an_old_proof()
    {
        var commands = StepUp.Rows.SelectMany(r => r.Commands).ToList();
        commands.ShouldBeUnique();
        foreach (var command in commands)
        {
            var request = command.GetInterfaces().Single(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>));
            var ask = GetType().GetMethod(nameof(IsGuarded), BindingFlags.Instance | BindingFlags.NonPublic)!;
            await (Task)ask.MakeGenericMethod(command, request.GenericTypeArguments[0]).Invoke(this, [])!;
        }
    }

    async Task IsGuarded<TRequest, TResponse>() where TRequest : notnull
    {
        _site.Services.GetServices<IPipelineBehavior<TRequest, TResponse>>().OfType<StepUpGuard<TRequest, TResponse>>().Count()
            .ShouldBe(1, typeof(TRequest).Name);
        var visitor = new Visitor(new(Guid.NewGuid()), Guid.NewGuid(), "", "", []) { ProvedAt = Here.Clock.GetUtcNow() - TooLong };
        await Should.ThrowAsync<ProofNeeded>(() => Send(visitor));
        await Should.ThrowAsync<ProofNeeded>(() => Send(visitor with { ProvedAt = null }));
        (await Send(visitor with { ProvedAt = Here.Clock.GetUtcNow() })).ShouldBeTrue();
        (await Send(visitor with { Means = Visitor.KeyMeans })).ShouldBeTrue("programs have their scope");
        (await Send(null)).ShouldBeTrue("nobody's browser: background work");

        async Task<bool> Send(Visitor? by)
        {
            var (http, sent) = (new DefaultHttpContext(), false);
            http.Features.Set(by);
            var guard = new StepUpGuard<TRequest, TResponse>(new HttpContextAccessor { HttpContext = http }, Here.Clock);
            await guard.Handle(default!, CancellationToken.None, () =>
            {
                sent = true;
                return Task.FromResult<TResponse>(default!);
            });
            return sent;
        }
    }

    [Fact]
    public async Task A_page_that_forgot_to_declare_it_asks_all_the_same_and_the_answer_carries_it_through()
    {
        await using var forgetful = await WholeSite.On(Here, services => services.Configure<RazorPagesOptions>(o =>
            o.Conventions.AddPageRouteModelConvention("/Confirm/Confirm", page => page.Selectors
                .Single(s => s.AttributeRouteModel!.Template!.EndsWith("/admins/appoint", StringComparison.Ordinal))
                .EndpointMetadata.Add(new RequiresAttribute(Permission.ManageAdmins)))));
        using var ada = forgetful.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        Here.Clock.Pass(TooLong);
        var (path, liam) = ($"/o/{_ids["acme"]["orgId"]}/admins/appoint", new AccountId(Guid.Parse(_ids["acme"]["accountId"])));
        using var shown = await ada.Get(path);
        shown.StatusCode.ShouldBe(HttpStatusCode.OK, "it has forgotten");
        using var asked = await ada.Post(path, ("Input.Email", "liam@acme.example"));
        asked.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var page = await asked.Content.ReadAsStringAsync();
        page.ShouldContain("""<input type="hidden" name="Input.Email" value="liam@acme.example">""");
        (await Here.Grant(new ReadAccount(liam))).AdminOf.ShouldBeEmpty();
        using var done = await ada.Send(path, SiteVisitor.TokenOf(page), ("Input.Email", "liam@acme.example"),
            (FreshProof.Field, Password));
        done.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Grant(new ReadAccount(liam))).AdminOf.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_is_chosen_again_beside_the_question_and_nothing_else_is_lost()
    {
        using var ada = await AdaALongTimeAfterSheSignedIn();
        var (path, token) = ($"/o/{_ids["acme"]["orgId"]}/policies/{_ids["acme"]["policyId"]}/add", await ada.Token("/account/api-tokens"));
        using var asked = await Send(token, null);
        asked.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var page = await asked.Content.ReadAsStringAsync();
        page.ShouldContain("enctype=\"multipart/form-data\"");
        page.ShouldContain("""type="file" id="file-0" name="Input.File" required""");
        page.ShouldContain("people.csv: your browser hands a file over once");
        page.ShouldContain("""<input type="hidden" name="Input.Emails" value="nobody@acme.example">""");
        using var done = await Send(SiteVisitor.TokenOf(page), Password);
        var member = new { id = Guid.Parse(_ids["acme"]["accountId"]) };
        (await Here.Scalar<long>("select count(*) from security.policy_member where account_id = @id", member)).ShouldBe(1);

        async Task<HttpResponseMessage> Send(string token, string? password)
        {
            using var form = new MultipartFormDataContent
            {
                { new StringContent(token), "__RequestVerificationToken" },
                { new StringContent("nobody@acme.example"), "Input.Emails" },
                { new StringContent("liam@acme.example\r\n"), "Input.File", "people.csv" },
            };
            if (password is not null) form.Add(new StringContent(password), FreshProof.Field);
            return await ada.Client.PostAsync(path, form);
        }
    }

    [Fact]
    public async Task A_download_asks_first_and_its_answer_brings_the_file()
    {
        using var ada = await AdaALongTimeAfterSheSignedIn();
        var file = $"/o/{_ids["acme"]["orgId"]}/members/accounts.csv?q=liam";
        using var asked = await ada.Get(file);
        var question = asked.Headers.Location!.OriginalString;
        (asked.StatusCode, question).ShouldBe((HttpStatusCode.Redirect, $"/confirm-it-is-you?returnTo={Uri.EscapeDataString(file)}"));
        (await asked.Content.ReadAsStringAsync()).ShouldBeEmpty();
        using var answered = await ada.Post(question, ("Input.Password", Password));
        answered.Headers.GetValues("Refresh").ShouldBe([$"0; url={file}"]);
        (await answered.Content.ReadAsStringAsync()).ShouldContain("The download begins by itself");
        using var got = await ada.Get(file);
        (await got.Content.ReadAsStringAsync()).ShouldContain("liam@acme.example");
    }

    /// <summary>A browser saves whatever comes behind a link that says "download", and that may be the question.</summary>
    [Fact]
    public async Task No_link_saves_the_question_in_place_of_the_file()
    {
        using var ada = _site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        var (told, links) = (new List<string>(), 0);
        foreach (var (route, _) in BrowserRoutes().Where(r => IsPage(r.Endpoint)))
            foreach (var link in (await (await ada.Get(Path(route, "acme", "acme"))).Content.ReadAsStringAsync()).Split("<a ").Skip(1)
                .Select(l => l[..l.IndexOf('>')]))
            {
                if (link.Contains(".csv", StringComparison.Ordinal) || link.Contains(".jsonl", StringComparison.Ordinal)) links++;
                else continue;
                if (link.Replace("\"", " ", StringComparison.Ordinal).Split(' ').Contains("download"))
                    told.Add($"{route.RoutePattern.RawText}: {link}");
            }
        links.ShouldBeGreaterThan(6);
        told.ShouldBeEmpty(string.Join('\n', told));
    }

    [Fact]
    public void What_asks_by_itself_carries_the_password() =>
        AsksItself.ShouldAllBe(c => c.GetProperties()
            .Any(p => (p.Name == "Password" || p.Name == "Current") && p.GetCustomAttribute<SecretAttribute>() != null));

    [Fact]
    public async Task A_page_shows_the_list()
    {
        using var ada = _site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        (await ada.Get($"/o/{_ids["acme"]["orgId"]}/admins")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var page = WebUtility.HtmlDecode(await (await ada.Get($"/o/{_ids["acme"]["orgId"]}/permissions")).Content.ReadAsStringAsync());
        foreach (var row in StepUp.Rows.Append(StepUp.AsksItself))
        {
            page.ShouldContain(row.Words);
            page.ShouldContain(row.Why);
        }
    }
}
