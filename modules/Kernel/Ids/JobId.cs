namespace DirectoryPlatform.Kernel.Ids;

/// <summary>Work on many items in the background; also the id of the draft that it began as.</summary>
public readonly record struct JobId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
