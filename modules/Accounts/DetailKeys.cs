namespace DirectoryPlatform.Accounts;

/// <summary>By what rules compare the details of accounts: stored beside them and compared as they stand (SPEC N1).</summary>
public static class DetailKeys
{
    static readonly AccountDetail[] Kept = [.. AccountDetails.All.Where(d => d.Compared).Select(d => d.Detail)];

    /// <summary>Such as <c>department:finance</c>: in any letter case and width, accents kept.</summary>
    public static string Of(AccountDetail detail, string? text) => $"{detail.Field()}:{SearchKey.Exact(text)}";

    /// <summary>Of lines such as <c>department:Finance</c>.</summary>
    internal static string OfLines(string lines) => string.Join('\n', lines.Split('\n').Select(line =>
        line.IndexOf(':') is > 0 and var colon ? $"{line[..colon]}:{SearchKey.Exact(line[colon..][1..])}" : line));

    internal static IEnumerable<string> Of(AccountProfile profile) =>
        Kept.Where(detail => profile[detail] is not null).Select(detail => Of(detail, profile[detail]));
}
