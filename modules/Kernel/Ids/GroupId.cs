namespace DirectoryPlatform.Kernel.Ids;

/// <summary>People of an organization who get access together.</summary>
public readonly record struct GroupId(Guid Value)
{
    public override string ToString() => Value.ToString();
}
