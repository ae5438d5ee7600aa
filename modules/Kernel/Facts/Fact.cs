using System.Text.Json.Serialization;
using MediatR;

namespace DirectoryPlatform.Kernel.Facts;

/// <summary>
/// Something that happened, in the past tense. Facts leave a turn through the outbox: after the commit, at least once, in order per id.
/// A listener is an <see cref="INotificationHandler{T}"/> named <c>When…</c> and must bear hearing the same fact twice.
/// </summary>
public abstract record Fact : INotification
{
    /// <summary>The name that the outbox keeps; the type's, but for what nodes of the version before know by another one.</summary>
    [JsonIgnore]
    public virtual string StoredAs => GetType().Name;
}

/// <summary>A name under which the outbox may hold the fact, besides its own.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AlsoStoredAsAttribute(string name) : Attribute
{
    public string Name => name;
}

/// <summary>Marks a value that belongs to a person: it goes to the erasable column of the
/// audit entry and nowhere else (SPEC L2, A6).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PersonalAttribute : Attribute;

/// <summary>Marks a value that no log may hold (SPEC R7): it is left out of the audit entry altogether.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
