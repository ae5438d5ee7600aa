using System.Collections.ObjectModel;

namespace DirectoryPlatform.Provisioning.Internal.Protocol;

/// <summary>
/// What of a request about a person was not carried out as sent (SPEC P5), for the answer and the troubleshooting log. As a collection it
/// holds the names that no schema knows. Handed to the reading and patching of resources, it makes them note a value of the wrong type
/// instead of refusing the person for it.
/// </summary>
/// <param name="everything">The request switches the person off, which is done whatever else it holds:
/// nothing of it is refused any more, only noted.</param>
sealed class Oddities(bool everything = false) : Collection<string>
{
    /// <summary>Sentences, each with the attribute in front.</summary>
    readonly List<string> _unfit = [];

    public bool Everything => everything;

    public void Note(string sentence)
    {
        if (!_unfit.Contains(sentence)) _unfit.Add(sentence);
    }

    /// <returns>Null when the fault only needs to be noted.</returns>
    public static ScimFault? Over(ScimFault? fault, ICollection<string>? passedOver)
    {
        if (fault is null || passedOver is not Oddities { Everything: true } odd) return fault;
        odd.Note($"Ignored: {fault.Detail}");
        return null;
    }

    /// <param name="otherwise">Stands for what could not be read, where the fault only needs to be noted.</param>
    public static Outcome<JsonObject> Over(Outcome<JsonObject> read, JsonObject otherwise, Oddities odd) =>
        read.Granted || Over(read.Refusal as ScimFault, odd) is not null ? read : otherwise.DeepClone().AsObject();

    /// <summary>For the log; null when there was nothing odd.</summary>
    public string? Told => (Count, _unfit.Count) switch
    {
        (0, 0) => null,
        (0, _) => string.Join(" ", _unfit),
        (_, 0) => Unknown,
        _ => $"{string.Join(" ", _unfit)} {Unknown}",
    };

    /// <summary>Beside the resource, what was passed over.</summary>
    public ScimReply Beside(ScimReply reply)
    {
        if (reply.Body is { } body && _unfit.Count > 0)
        {
            (body["schemas"] as JsonArray)?.Add(ScimReply.PassedOver);
            body[ScimReply.PassedOver] = new JsonArray([.. _unfit]);
        }
        return reply with { Odd = Told };
    }

    string Unknown => $"Ignored, because no schema defines it: {string.Join(", ", this.Distinct())}.";
}
