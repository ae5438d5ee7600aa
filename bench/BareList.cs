using System.Text.Json;
using DirectoryPlatform.Accounts;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace DirectoryPlatform.Bench;

/// <summary>What a list of 50 managed accounts cannot do without: one query for their rows, and their JSON. No cursor is made, and what
/// stands beside the rows is left empty.</summary>
static class BareList
{
    public const string Name = "the query and the JSON of list 50 alone";

    static readonly JsonSerializerOptions Snake = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static async Task Write(HttpContext http, NpgsqlDataSource source, OrganizationId organization)
    {
        await using var command = source.CreateCommand("""
            select id, name, email, state, last_active_at, claimed_at, name_key from accounts.v_listed where managed_by = $1
            order by name_key, id limit 51
            """);
        command.Parameters.Add(new() { Value = organization.Value });
        var rows = new List<object>();
        await using (var found = await command.ExecuteReaderAsync(http.RequestAborted))
            while (rows.Count < 50 && await found.ReadAsync(http.RequestAborted))
            {
                var (id, at) = (found.GetGuid(0), found.GetDateTime(4));
                rows.Add(new Row(id, "atlassian", found.GetInt16(3) == (short)AccountState.Active ? "active" : "inactive",
                    found.GetString(1),
                    $"http://localhost/o/{organization}/members/{id}/picture.webp", found.GetString(2), true,
                    at == DateTime.MinValue ? null : at, [], new($"http://localhost/users/{id}/manage/profile")));
            }
        await http.Response.WriteAsJsonAsync(new { data = rows, meta = new { total = rows.Count } }, Snake, http.RequestAborted);
    }

    sealed record Row(Guid AccountId, string AccountType, string AccountStatus, string Name, string Picture, string Email,
        bool AccessBillable, DateTime? LastActive, IReadOnlyList<string> ProductAccess, Link Links);

    sealed record Link(string Self);
}
