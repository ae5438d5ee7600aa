using DirectoryPlatform.Kernel.Live;

namespace DirectoryPlatform.Kernel.Checks;

/// <summary>
/// Done means done everywhere (SPEC A9): after a command this node looks at once what it has taken away, and when there was anything, tells
/// the others and waits for their word. Whoever gives none finds out by itself within <see cref="Revocations.Oldest"/>.
/// </summary>
public sealed class Settlement(Revocations revocations, OtherNodes others, LiveChanges live)
{
    /// <summary>Longer than a look takes under load, and no answer waits for longer (decision 0060).</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    readonly AsyncLocal<bool> _within = new();

    /// <summary>For <see cref="Settle"/>, before anything is taken away.</summary>
    /// <returns>Null within another command, which settles for both.</returns>
    public long? Begin()
    {
        if (_within.Value) return null;
        _within.Value = true;
        return revocations.Found;
    }

    public async Task Settle(long? begun)
    {
        if (begun is not { } found) return;
        live.LookSoon();
        // Where nothing is kept nobody has looked, so nobody knows whether anything was taken.
        var knows = revocations.IsAwake;
        try { await revocations.LookFromNow().WaitAsync(Patience); }
        catch (Exception failed)
        when (failed is TimeoutException or NpgsqlException or OperationCanceledException or ObjectDisposedException)
        {
            revocations.Distrust();
            knows = false;
        }
        if (!knows || revocations.Found != found) await others.Tell(Patience);
    }
}

/// <summary>Around each command: nobody begins one on an old check, and its end is everybody's.</summary>
sealed class SettledCommand<TRequest, TResponse>(Admissions admissions, Settlement settlement) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<TResponse> next)
    {
        await admissions.Stand();
        var begun = settlement.Begin();
        try { return await next(); }
        finally { await settlement.Settle(begun); }
    }
}
