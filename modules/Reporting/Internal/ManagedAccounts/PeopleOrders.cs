namespace DirectoryPlatform.Reporting.Internal.ManagedAccounts;

/// <summary>How people are sorted, over columns that the managed accounts and the users name alike.</summary>
static class PeopleOrders
{
    static readonly KeysetColumn NameKey = KeysetColumn.Text("a.name_key");

    public static readonly IReadOnlyList<KeysetOrder> All =
    [
        new(ListSort.Name, NameKey),
        new(ListSort.Email, KeysetColumn.Text("a.email")),
        new(ListSort.Status, KeysetColumn.Number("a.state"), NameKey),
        new(ListSort.LastActive, KeysetColumn.Time("a.last_active_at")),
        new(ListSort.Added, KeysetColumn.Time("a.claimed_at")),
    ];

    /// <summary>The database's "-infinity" reads as the smallest time there is.</summary>
    public static DateTimeOffset? Seen(DateTime at) => at == DateTime.MinValue ? null : at;
}
