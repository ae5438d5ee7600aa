namespace DirectoryPlatform.Reporting.Internal.Users;

/// <summary>Texts of a user's own, over the rows of <see cref="SiteUserRows"/>. Keys narrow by an index; that whole texts are the same is
/// decided by the texts, since a key has no accents.</summary>
static class TextConditions
{
    public static string Named(TextMatch match, Func<object, string> value)
    {
        if (match.Part is { } part)
        {
            var (typed, text) = (value(SearchKey.Pattern(SearchKey.Typed(part) ?? "")), value(part));
            return $"(a.name_key like {typed} or exists (select from accounts.v_profile f where f.account_id = a.account_id "
                + $"and strpos(lower(f.public_name), lower({text})) > 0))";
        }
        var keys = value(match.Exactly!.Select(SearchKey.Of).ToArray());
        var names = value(match.Exactly!.ToArray());
        return $"""
            (a.name_key = any({keys}) and exists (select from accounts.v_account n join unnest({names}) x on lower(x) = lower(n.name)
                where n.id = a.account_id)
              or exists (select from accounts.v_profile f join unnest({names}) x on lower(x) = lower(f.public_name)
                where f.account_id = a.account_id))
            """;
    }

    public static string InMailbox(TextMatch match, Func<object, string> value) => match.Part is { } part
        ? $"strpos(left(a.email, -length(split_part(a.email, '@', -1)) - 1), lower({value(part)})) > 0"
        : $"left(a.email, -length(split_part(a.email, '@', -1)) - 1) in (select lower(x) from unnest({value(match.Exactly!.ToArray())}) x)";
}
