using System.Reflection;
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
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// The one list of what asks for the password again (SPEC S12), held against every page and route that is compiled in. A new page that
/// sends something of the list is found here without a line; a new command has to be judged.
/// </summary>
[Trait("Rule", "S12")]
public sealed class JudgeWhatPagesSend(FurnishedSite all) : OnProofs(all)
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
            nameof(BeginProviderSignIn), nameof(FinishProviderSignIn), nameof(GiveCodeAfterProvider), nameof(RequestPasswordReset),
            nameof(FollowPasswordReset),
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
        ["it shows who asks for a key; its answer is on the list"] = [nameof(ReadDeviceRequest)],
        ["names, details, pictures and wording"] =
        [
            nameof(ChangeDetail), nameof(UploadPicture), nameof(ChangePicture), nameof(SuggestDetails), nameof(AnswerSuggestion),
            nameof(RenameOrganization), nameof(RenameSite), nameof(ChooseExperience), nameof(ChangeOrganizationWording),
            nameof(RetryMail),
        ],
        ["who uses what, which the person sees and an admin takes back"] =
        [
            nameof(InviteUsers), nameof(ResendInvitation), nameof(RevokeInvitation), nameof(ChangeMembership),
            nameof(GiveRoles), nameof(GiveRolesOnSites), nameof(CreateGroup), nameof(ChangeGroup), nameof(DeleteGroup),
            nameof(AddToGroupByEmail), nameof(AddToGroup), nameof(AllowSiteGroups), nameof(RemoveFromGroup),
            nameof(GiveGroupAccess), nameof(CreateSite), nameof(PutAppOnSite), nameof(TakeAppOffSite),
        ],
        ["a new organization is nobody else’s, and its first admin is who made it"] =
            [nameof(CreateOrganization), nameof(AppointOrganizationAdmin)],
        ["it brings accounts under the organization, and changes none of them"] =
        [
            nameof(AddDomain), nameof(VerifyDomain), nameof(ClaimPerson), nameof(ChooseNewAccounts), nameof(ExcludeByEmail),
            nameof(ReadmitAccount),
            nameof(SendVerificationMail),
        ],
        ["it begins nothing further; what is left is confirmed by who resumes it"] = [nameof(CancelJob)],
    };

    static readonly HashSet<Type> AsksItself = [.. StepUp.AsksItself.Commands];

    static IReadOnlySet<Type> SentBy(RouteEndpoint route) =>
        route.Metadata.GetMetadata<ConfirmedAction>() is { } action ? SentRequests.By(action.Ask)
        : route.Metadata.GetMetadata<CompiledPageActionDescriptor>() is { } page ? SentRequests.By(page.ModelTypeInfo!)
        : route.Metadata.GetMetadata<MethodInfo>() is { } handler ? SentRequests.By(handler)
        : route.RequestDelegate is { } plain && plain.Method.Module.Assembly == typeof(StepUp).Assembly ? SentRequests.By(plain)
        : throw new InvalidOperationException(
            $"{route.RoutePattern.RawText} is neither a page nor a handler: teach this test what it sends");

    static string Named(RouteEndpoint route, IEnumerable<Type> sent) =>
        $"{route.RoutePattern.RawText} can send {string.Join(", ", sent.Select(c => c.Name))}";

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
    public void What_asks_by_itself_carries_the_password() =>
        AsksItself.ShouldAllBe(c => c.GetProperties()
            .Any(p => (p.Name == "Password" || p.Name == "Current") && p.GetCustomAttribute<SecretAttribute>() != null));
}
