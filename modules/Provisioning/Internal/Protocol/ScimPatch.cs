namespace DirectoryPlatform.Provisioning.Internal.Protocol;

/// <summary>The PATCH of RFC 7644, 3.5.2, with the tolerances that providers in the field need. Pure:
/// the resource that is given stays as it is.</summary>
static class ScimPatch
{
    /// <param name="resource">Normalized, as <see cref="ScimResource.Read"/> gives it.</param>
    /// <returns>The resource after all operations, normalized again; or the first fault, and then nothing was done (RFC 7644, 3.5.2: the
    /// whole request is atomic).</returns>
    public static Outcome<JsonObject> Apply(JsonObject resource, JsonElement body, ScimResource kind,
        ICollection<string>? passedOver = null)
    {
        var operations = ScimOperation.ReadAll(body, kind, passedOver);
        return operations.Granted ? Apply(resource, operations.Value, kind, passedOver) : operations.Refusal;
    }

    public static Outcome<JsonObject> Apply(JsonObject resource, IReadOnlyList<ScimOperation> operations, ScimResource kind,
        ICollection<string>? passedOver = null)
    {
        var changed = resource.DeepClone().AsObject();
        foreach (var operation in operations)
        {
            // Only where single steps are passed over must what a broken one has begun be undone.
            var (place, undone) = (operation.Target.Extension ?? operation.Target.Attribute!.Name,
                passedOver is Oddities { Everything: true });
            var before = undone ? changed[place]?.DeepClone() : null;
            if (One(changed, operation, kind, passedOver) is not { } fault) continue;
            if (Oddities.Over(fault, passedOver) is { } first) return first;
            if (before is null) changed.Remove(place);
            else changed[place] = before;
        }
        return changed;
    }

    static ScimFault? One(JsonObject changed, ScimOperation operation, ScimResource kind, ICollection<string>? passedOver)
    {
        if (Step(changed, operation, passedOver) is { } fault) return fault;
        if (operation.Target.Extension is { } urn && changed[urn] is JsonObject { Count: 0 }) changed.Remove(urn);
        return kind.Whole(changed) is null ? null : ScimFault.Mutability($"{operation.Target.Path} is required and cannot be removed.");
    }

    static ScimFault? Step(JsonObject resource, ScimOperation step, ICollection<string>? passedOver)
    {
        // Nothing is added to what is there; only "replace" and "remove" take away (decision 0086).
        if (step is { Deed: ScimAction.Add, Value.ValueKind: JsonValueKind.Null }) return null;
        if (step.Target.Attribute is not { } attribute)
        {
            resource.Remove(step.Target.Extension!);
            return null;
        }
        var home = ScimResource.HomeOf(resource, step.Target.Extension);
        // What is set to nothing is unassigned (RFC 7643, 2.5).
        var removes = step.Deed is ScimAction.Remove || step.Value.ValueKind is JsonValueKind.Null
            || step is { Deed: ScimAction.Replace, Value.ValueKind: JsonValueKind.Array } && step.Value.GetArrayLength() == 0;
        if (attribute.Many) return PatchValues.Step(home, step, removes, passedOver);
        if (removes)
        {
            if (step.Target.Sub is null) home.Remove(attribute.Name);
            else if (home[attribute.Name] is JsonObject whole && whole.Remove(step.Target.Sub.Name) && whole.Count == 0)
                home.Remove(attribute.Name);
            return null;
        }
        var value = ScimResource.ReadValue(step.Target.Leaf!, step.Value, step.Target.Path, passedOver);
        if (value.Refusal is ScimFault fault) return fault;
        if (value.Value.Node is not { } node) return null;
        if (step.Target.Sub is { } sub)
            (home[attribute.Name] as JsonObject ?? (JsonObject)(home[attribute.Name] = new JsonObject()))[sub.Name] = node;
        // Parts that are not named stay as they are (RFC 7644, 3.5.2.1 and 3.5.2.3).
        else if (node is JsonObject parts && home[attribute.Name] is JsonObject whole) Merge(whole, parts);
        else home[attribute.Name] = node;
        return null;
    }

    public static void Merge(JsonObject whole, JsonObject parts)
    {
        foreach (var (name, part) in parts.ToList()) whole[name] = part?.DeepClone();
    }
}
