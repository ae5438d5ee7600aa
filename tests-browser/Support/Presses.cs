namespace DirectoryPlatform.Tests.Support;

/// <summary>Presses of the mouse, which is how far something is away; what is typed counts for nothing.</summary>
static class PressCounting
{
    /// <summary>Begins to note them; what it answers with tells on what they were, in order.</summary>
    public static async Task<Func<Task<string[]>>> Presses(this IPage page)
    {
        await page.Context.AddInitScriptAsync("""
            if (!window.countsPresses) addEventListener('pointerdown', e => {
              const before = JSON.parse(sessionStorage.getItem('presses') ?? '[]');
              const words = e.target.closest('[aria-label]')?.ariaLabel ?? e.target.textContent.trim().slice(0, 30);
              sessionStorage.setItem('presses', JSON.stringify([...before, words]));
            }, true);
            window.countsPresses = true;
            """);
        return async () =>
        {
            const string read = "JSON.parse(sessionStorage.getItem('presses') ?? '[]')";
            try { return await page.EvaluateAsync<string[]>(read); }
            catch (PlaywrightException gone) when (gone.Message.Contains("context was destroyed", StringComparison.Ordinal))
            {
                // The last press led on to another page of the same tab, which keeps them.
                await page.WaitForLoadStateAsync();
                return await page.EvaluateAsync<string[]>(read);
            }
        };
    }

    /// <summary>Counts from nothing again.</summary>
    public static Task ForgetPresses(this IPage page) => page.EvaluateAsync("() => sessionStorage.removeItem('presses')");
}
