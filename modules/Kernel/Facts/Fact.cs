using System.Text.Json.Serialization;

namespace DirectoryPlatform.Kernel.Facts;

/// <summary>
/// Something that happened, in the past tense. Facts leave a turn through the outbox: after the commit, at least once, in order per id.
/// A listener is an <see cref="INotificationHandler{T}"/> named <c>When…</c>, or better an <see cref="IHearsMany{T}"/>, and must bear
/// hearing the same fact twice.
/// </summary>
public abstract record Fact : INotification
{
    /// <summary>The name that the outbox keeps; the type's, but for what nodes of the version before know by another one.</summary>
    [JsonIgnore]
    public virtual string StoredAs => GetType().Name;

    /// <summary>False for what is a turn's answer and nothing that anybody listens to: the outbox does not get it.</summary>
    [JsonIgnore]
    public virtual bool IsTold => true;
}

/// <summary>A fact that may tell of several ids, and keeps its place among the facts of each. Its JSON then holds them in an array named
/// <c>accounts</c>, by which the outbox knows it.</summary>
public interface ITellsOfMany
{
    /// <summary>Null where it tells of the one id in whose order it stands.</summary>
    IReadOnlyList<Guid>? TellsOf { get; }

    /// <summary>The same fact of some of them.</summary>
    Fact Only(IReadOnlyList<Guid> some);
}

/// <summary>A listener that takes facts of different ids at once, in one transaction or statement where that can be. What it throws is
/// thrown for all; each is then heard again by itself, so that one holds back nobody but its own id.</summary>
public interface IHearsMany<TFact> : INotificationHandler<TFact> where TFact : Fact
{
    /// <param name="facts">At least one; no id is told of twice.</param>
    Task Hear(IReadOnlyList<TFact> facts, CancellationToken ct);

    Task INotificationHandler<TFact>.Handle(TFact fact, CancellationToken ct) => Hear([fact], ct);
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
