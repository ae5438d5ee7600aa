using DirectoryPlatform.Kernel;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>Names one of several things of a managed account, a device or a token, then takes it away. One that is gone meanwhile leads
/// back with its sentence.</summary>
public abstract class MemberResourcePage<TThing>(IMediator mediator) : MemberPage(mediator) where TThing : class
{
    public TThing Thing { get; private set; } = null!;

    protected abstract Refusal Gone { get; }

    /// <summary>All of the account's.</summary>
    protected abstract Task<Outcome<IReadOnlyList<TThing>>> Things();
    protected abstract bool IsIt(TThing thing);
    protected abstract IRequest<Outcome<TThing>> Take { get; }
    protected abstract string Taken(TThing thing);

    public async Task<IActionResult> OnGet()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var things = await Things();
        if (!things.Granted) return NotFound();
        if (things.Value.FirstOrDefault(IsIt) is not { } thing) return Refused(Gone, Path);
        Thing = thing;
        return Page();
    }

    public async Task<IActionResult> OnPost()
    {
        if (await Load() is { } elsewhere) return elsewhere;
        var outcome = await Do(Take);
        return outcome.Granted ? Said(Taken(outcome.Value), Path) : Refused(outcome.Refusal, Path);
    }
}
