namespace DirectoryPlatform.Kernel.Ids;

/// <summary>An open or accepted invitation to a site.</summary>
public readonly record struct InvitationId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
