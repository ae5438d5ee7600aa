namespace DirectoryPlatform.Web.Shared;

/// <summary>Lists of addresses as forms send them.</summary>
static class UploadedLists
{
    /// <summary>Ids of checked rows; what is no id was not written by the list.</summary>
    public static List<AccountId> AsAccounts(this IEnumerable<string> ids) =>
        [.. ids.Select(id => Guid.TryParse(id, out var parsed) ? parsed : Guid.Empty).Where(id => id != Guid.Empty)
            .Select(id => new AccountId(id))];

    /// <summary>Who gives a list beside "all accounts" means those on it, or is not sure; a browser does not send files a second time.
    /// </summary>
    /// <returns>Null where there is no list.</returns>
    public static InvalidValue? BesideAll(this IReadOnlyCollection<IFormFile> files, string? text) =>
        files.Count > 0
            ? new("Files", "You attached a file, but selected all accounts. Attach the file again to use it, or select all accounts "
                + "without a file.")
            : string.IsNullOrWhiteSpace(text) ? null
            : new("Text", "You entered email addresses, but selected all accounts. Continue with the addresses, or clear this field and "
                + "select all accounts.");

    /// <summary>The files are open while they are used.</summary>
    public static async Task<T> AsAddresses<T>(this IEnumerable<IFormFile>? files, string? text, Func<AddressInput, Task<T>> use)
    {
        var opened = (files ?? []).Select(f => new NamedFile(f.FileName, f.OpenReadStream())).ToList();
        try
        {
            return await use(new(opened, text));
        }
        finally
        {
            foreach (var file in opened) await file.Content.DisposeAsync();
        }
    }
}
