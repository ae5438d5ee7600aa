using System.Text.Json;
using DirectoryPlatform.Kernel;

namespace DirectoryPlatform.Web.Api;

static class ApiJson
{
    /// <summary>Member names of the older shapes: "account_id".</summary>
    public static readonly JsonSerializerOptions Snake = new(KernelJson.Options) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
