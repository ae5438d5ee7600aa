namespace DirectoryPlatform.Web.Hygiene;

static class BodyLimit
{
    /// <summary>A file of 5 MB (SPEC C6) and the form around it.</summary>
    public const int Bytes = 6 * 1024 * 1024;

    /// <summary>The longest field takes 500 characters; a form may be wrong, but not by this much (own choice).</summary>
    public const int ValueCharacters = 64 * 1024;

    /// <summary>A page of 1,000 accounts with every row checked (SPEC M1), and the form around it.</summary>
    public const int Values = 1_200;

    /// <summary>Of <see cref="TakesManyValuesAttribute"/>: two for each app on each site (own choice).</summary>
    public const int ManyValues = 40_000;

    /// <summary>Up to here a body that is too large is read and dropped before the answer, because browsers show a reset connection instead
    /// of an early answer (own choice).</summary>
    public const int DrainedBytes = 64 * 1024 * 1024;
}

/// <summary>A page whose form grows with what there is, and which reads it without the framework's binding.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TakesManyValuesAttribute : Attribute;
