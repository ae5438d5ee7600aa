namespace DirectoryPlatform.Provisioning.Internal.Protocol;

/// <summary>One step of a PATCH on an attribute with many values.</summary>
static class PatchValues
{
    public static ScimFault? Step(JsonObject home, ScimOperation step, bool removes, ICollection<string>? passedOver)
    {
        var attribute = step.Target.Attribute!;
        var list = home[attribute.Name] as JsonArray ?? [];
        var chosen = list.OfType<JsonObject>().Where(v => step.Filter is null || step.Filter.MatchesValue(v, attribute)).ToList();
        var fault = removes ? Remove(list, chosen, step, passedOver)
            : step.Target.Sub is { } sub ? SetPart(list, chosen, sub, step, passedOver)
            : step.Filter is null ? SetAll(list, step, passedOver)
            : SetChosen(list, chosen, step, passedOver);
        if (fault is not null) return fault;
        list.RemoveAll(value => value is JsonObject { Count: 0 });
        if (list.Count == 0) home.Remove(attribute.Name);
        else if (list.Parent is null) home[attribute.Name] = list;
        return null;
    }

    /// <summary>What is not there any more is removed already; a provider that repeats itself is no mistake.
    /// With values listed, those alone go.</summary>
    static ScimFault? Remove(JsonArray list, List<JsonObject> chosen, ScimOperation step, ICollection<string>? passedOver)
    {
        if (step.Target.Sub is { } sub)
        {
            foreach (var value in chosen) value.Remove(sub.Name);
            return null;
        }
        if (step is { Deed: ScimAction.Remove, Filter: null }
            && step.Value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            var listed = ScimResource.ReadValue(step.Target.Attribute!, step.Value, step.Target.Path, passedOver);
            if (listed.Refusal is ScimFault fault) return fault;
            var named = NamedBy((listed.Value.Node as JsonArray)?.OfType<JsonObject>() ?? []);
            chosen = [.. chosen.Where(named)];
        }
        var gone = chosen.ToHashSet<JsonNode?>(ReferenceEqualityComparer.Instance);
        list.RemoveAll(gone.Contains);
        return null;
    }

    /// <summary>Whether all that is said of one of the listed values is so of another: those that say the same parts are one set.</summary>
    static Func<JsonObject, bool> NamedBy(IEnumerable<JsonObject> listed)
    {
        List<(string[] Parts, HashSet<string> Values)> sets =
        [
            .. listed.GroupBy(one => string.Join(',', Parts(one)), StringComparer.Ordinal).Select(alike =>
                (Parts(alike.First()), alike.Select(one => Written(one, Parts(one))).ToHashSet(StringComparer.Ordinal))),
        ];
        return value => sets.Any(set => set.Values.Contains(Written(value, set.Parts)));
    }

    static ScimFault? SetAll(JsonArray list, ScimOperation step, ICollection<string>? passedOver)
    {
        var given = ScimResource.ReadValue(step.Target.Attribute!, step.Value, step.Target.Path, passedOver);
        if (given.Refusal is ScimFault fault) return fault;
        if (step.Deed is ScimAction.Replace)
        {
            // Values that cannot be read are not the same as none (decision 0086): those that are there stay.
            if (given.Value.Node is null)
                return ScimResource.Wrong(step.Target.Path, "has no value that can be read.", passedOver).Refusal as ScimFault;
            list.Clear();
        }
        JsonObject? last = null;
        var there = list.OfType<JsonObject>().Select(value => Written(value, Parts(value))).ToHashSet(StringComparer.Ordinal);
        foreach (var value in (given.Value.Node as JsonArray)?.OfType<JsonObject>().ToList() ?? [])
        {
            // What is there already is not added again (RFC 7644, 3.5.2.1).
            if (!there.Add(Written(value, Parts(value)))) continue;
            var added = value.DeepClone().AsObject();
            list.Add(added);
            if (ScimResource.IsPrimary(added)) last = added;
        }
        ScimResource.KeepOnePrimary(list, last);
        return null;
    }

    /// <summary>The same of two values that are equal in these parts, which are texts and booleans. A request holds so many values that
    /// they are not compared each with each.</summary>
    static string Written(JsonObject value, string[] parts) =>
        string.Join(',', parts.Select(part => $"{part}:{value[part]?.ToJsonString()}"));

    /// <summary>What is said of a value, in one order.</summary>
    static string[] Parts(JsonObject value) => [.. value.Select(part => part.Key).Order(StringComparer.Ordinal)];

    /// <summary>"add" merges into each value that the filter selects, "replace" replaces it (RFC 7644, 3.5.2.3). Selecting none, "add"
    /// makes one of what the filter demands.</summary>
    static ScimFault? SetChosen(JsonArray list, List<JsonObject> chosen, ScimOperation step, ICollection<string>? passedOver)
    {
        var given = ScimResource.ReadOne(step.Target.Attribute!, step.Value, step.Target.Path, passedOver);
        if (given.Refusal is ScimFault fault) return fault;
        if (given.Value.Node is not JsonObject parts) return null;
        if (chosen.Count == 0)
        {
            if (step.Deed is ScimAction.Replace || Demanded(step) is not { } made)
                return ScimFault.NoTarget($"No value of {step.Target.Path} is selected by the path.");
            list.Add(made);
            chosen = [made];
        }
        foreach (var value in chosen)
        {
            if (step.Deed is ScimAction.Replace) value.Clear();
            ScimPatch.Merge(value, parts);
        }
        ScimResource.KeepOnePrimary(list, chosen.LastOrDefault(ScimResource.IsPrimary));
        return null;
    }

    /// <summary>One part of each selected value. Selecting none makes one: a provider sets <c>emails[type eq "work"].value</c> whether
    /// there is one or not.</summary>
    static ScimFault? SetPart(JsonArray list, List<JsonObject> chosen, ScimAttribute sub, ScimOperation step,
        ICollection<string>? passedOver)
    {
        var given = ScimResource.ReadOne(sub, step.Value, step.Target.Path, passedOver);
        if (given.Refusal is ScimFault fault) return fault;
        if (given.Value.Node is not { } part) return null;
        if (chosen.Count == 0)
        {
            if (Demanded(step) is not { } made)
                return ScimFault.NoTarget($"No value of {step.Target.Attribute!.Name} is selected by the path.");
            list.Add(made);
            chosen = [made];
        }
        foreach (var value in chosen) value[sub.Name] = part.DeepClone();
        ScimResource.KeepOnePrimary(list, sub.Name == "primary" ? chosen.LastOrDefault(ScimResource.IsPrimary) : null);
        return null;
    }

    /// <summary>A new value with what the path's filter demands of it; null when it demands more than equalities.</summary>
    static JsonObject? Demanded(ScimOperation step)
    {
        var made = new JsonObject();
        if (step.Filter is null) return made;
        if (step.Filter.Equalities() is not { } equalities) return null;
        foreach (var equality in equalities)
            if (step.Target.Attribute!.Find(equality.Path) is { } sub)
                made[sub.Name] = sub.Type is ScimType.Boolean ? FilterMatching.Truth(equality.Value!) : (string)equality.Value!;
        return made;
    }
}
