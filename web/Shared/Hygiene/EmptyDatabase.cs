namespace DirectoryPlatform.Web.Hygiene;

/// <summary>On an empty database nothing of the product is broken: what is asked then can be asked again later, and is answered as while
/// the database is away (SPEC R6).</summary>
sealed class EmptyDatabase(RequestDelegate next, OwnTables tables)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try { await next(http); }
        catch (Exception failed) when (!BadInput.IsErrorPage(http))
        {
            if (await tables.AreMissedBy(failed, http.RequestAborted)) throw new EmptyDatabaseException(failed);
            throw;
        }
    }
}
