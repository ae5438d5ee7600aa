namespace DirectoryPlatform.Kernel.Background;

/// <summary>This process among those that share the database: under this id it holds what it is at.</summary>
sealed class Node(KernelSettings settings)
{
    /// <summary>The process that alone runs the embedded database has one id for ever: what it holds and is not at was left by its process
    /// before, and is gone on with at once.</summary>
    static readonly Guid Owner = new("01900000-0000-7000-8000-0000000000aa");

    public Guid Id { get; } = settings.OwnsDatabase ? Owner : Guid.CreateVersion7();

    /// <summary>Of this process alone, whoever's successor it is.</summary>
    public Guid Process => Id == Owner ? _process : Id;

    readonly Guid _process = Guid.CreateVersion7();
}
