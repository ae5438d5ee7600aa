using System.Text.Json;

namespace DirectoryPlatform.Web.Api;

static class ApiJson
{
    /// <summary>Member names of the older shapes: "account_id".</summary>
    public static readonly JsonSerializerOptions Snake = new(KernelJson.Options) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
