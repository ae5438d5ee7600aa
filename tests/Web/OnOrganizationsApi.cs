using System.Net;
using System.Text.Json;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>What tests of the Organizations API have in common.</summary>
public abstract class OnOrganizationsApi : OnApi
{
    protected string V1 => $"/admin/v1/orgs/{Acme}";
    protected string V2 => $"/admin/v2/orgs/{Acme}";

    protected static string? CodeOf(JsonElement fault) => fault.GetProperty("errors")[0].GetProperty("code").GetString();

    private protected static HttpRequestMessage Get(ApiCaller program, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", program.Last.RequestMessage!.Headers.GetValues("Authorization"));
        return request;
    }

    /// <summary>Asks for the job until it has ended; its attributes with its id.</summary>
    private protected async Task<JsonElement> Done(ApiCaller program, JsonElement accepted)
    {
        var self = program.Last.Headers.Location!.PathAndQuery;
        var job = accepted.GetProperty("data");
        await Here.Until(async () =>
        {
            job = (await program.Expect(HttpStatusCode.OK, "GET", self)).GetProperty("data");
            return job.GetProperty("attributes").TryGetProperty("endedAt", out _);
        }, what: "the job did not end");
        var attributes = job.GetProperty("attributes").EnumerateObject().ToDictionary(p => p.Name, p => (object)p.Value);
        attributes["id"] = job.GetProperty("id").GetString()!;
        return JsonSerializer.SerializeToElement(attributes);
    }
}
