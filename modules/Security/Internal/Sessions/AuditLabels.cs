namespace DirectoryPlatform.Security.Internal.Sessions;

/// <summary>Values of this room in the erasable column of an audit entry, in the shape that histories read.</summary>
static class AuditLabels
{
    public static string Personal(string name, string value) =>
        KernelJson.Write(new Dictionary<string, Dictionary<string, string>> { ["after"] = new() { [name] = value } });
}
