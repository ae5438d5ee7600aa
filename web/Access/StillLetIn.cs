namespace DirectoryPlatform.Web.Access;

/// <summary>For an answer that goes on for long: whether whoever was let in may still read on. Left by the gate.</summary>
/// <param name="again">The gate's check once more; whether an answer that is kept will do.</param>
sealed class StillLetIn(Admissions admissions, Func<bool, Task<bool>> again)
{
    /// <summary>Between this and the bound of SPEC A9 is room for the next check to come, and to find that it is over.</summary>
    static readonly TimeSpan Young = TimeSpan.FromMilliseconds(400);

    public async Task<bool> Ask()
    {
        var known = admissions.Begin();
        if (!await again(true)) return false;
        if (known.Age <= Young) return true;
        admissions.Begin();
        return await again(false);
    }
}
