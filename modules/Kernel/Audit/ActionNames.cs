using System.Text.Json;

namespace DirectoryPlatform.Kernel.Audit;

/// <summary>How programs outside are told what was done, by the API and by webhooks alike.</summary>
public static class ActionNames
{
    /// <param name="action">As the log has it, such as "AccountDeactivated".</param>
    /// <returns>"account_deactivated".</returns>
    public static string Outside(string action) => JsonNamingPolicy.SnakeCaseLower.ConvertName(action);
}
