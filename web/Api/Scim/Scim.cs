namespace DirectoryPlatform.Web.Api.Scim;

/// <summary>The routes of identity providers (SPEC P2; RFC 7644, 3.2), each below its directory's own address.</summary>
static class Scim
{
    public const string DirectoryKey = "directoryId";

    /// <summary>Without constraints on its parameters: what is no id is answered as an id that is unknown.</summary>
    public const string Root = $"/scim/directory/{{{DirectoryKey}}}";

    public static readonly PathString Place = "/scim";

    public static void MapScim(this IEndpointRouteBuilder app)
    {
        ScimRoutes.Users.Map(app);
        ScimRoutes.Groups.Map(app);
        app.MapScimDocuments();
    }
}
