namespace DirectoryPlatform.Provisioning.Internal.Groups;

enum MemberAction { Add, Remove, KeepOnly }

/// <summary>One change of who is in a group, as small as it was asked for.</summary>
sealed record MemberStep(MemberAction Deed, IReadOnlyList<Guid> People)
{
    public Task On(ProvidedGroupTurn group) => Deed switch
    {
        MemberAction.Add => group.Add(People),
        MemberAction.Remove => group.Remove(People),
        MemberAction.KeepOnly => group.KeepOnly(People),
    };
}

/// <summary>What a body says of a group's members, in the order in which it says it.</summary>
static class MemberSteps
{
    /// <summary>All members, as a whole resource names them. What is no id is nobody of the directory, and is answered so.</summary>
    public static Outcome<IReadOnlyList<Guid>> Ids(JsonNode? members)
    {
        var ids = new List<Guid>();
        foreach (var member in members as JsonArray ?? [])
            if (Id(member?["value"]?.GetValue<string>()) is { } id) ids.Add(id);
            else return Nobody(member?["value"]?.GetValue<string>() ?? "");
        return ids;
    }

    /// <summary>A member that names nobody, such as null or one whose value is missing or blank, is a slip: left out of the list without a
    /// word it would empty the group, or leave somebody in it. Null in place of the list says nothing, as where it is left out.</summary>
    /// <param name="members">As they were sent.</param>
    /// <returns>Null when each is named.</returns>
    public static ScimFault? Unnamed(JsonElement members)
    {
        if (members.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) return null;
        return (members.ValueKind is JsonValueKind.Array ? members.EnumerateArray().All(IsNamed) : IsNamed(members))
            ? null
            : ScimFault.Value("members: each one needs a value, which is the ID of a user.");
    }

    /// <summary>An object by its value, in any letter case; anything else is the value itself, and looked for.</summary>
    static bool IsNamed(JsonElement member) => member.ValueKind is JsonValueKind.Object
        ? member.EnumerateObject().Any(p => p.Name.Equals("value", StringComparison.OrdinalIgnoreCase) && IsText(p.Value))
        : IsText(member);

    /// <summary>What would be read as text that is not blank: a number is, and is then nobody's.</summary>
    static bool IsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => !string.IsNullOrWhiteSpace(ScimText.Of(value)),
        JsonValueKind.Number => true,
        _ => false,
    };

    /// <summary>The same answer for whoever is unknown, of another directory or of none.</summary>
    public static ScimFault Nobody(string id) => ScimFault.Value($"members: there is no user {id} in this directory.");

    public static IEnumerable<MemberStep> Replacing(IReadOnlyList<Guid> people) =>
        [new(MemberAction.KeepOnly, people), new(MemberAction.Add, people)];

    /// <summary>Of one operation on <c>members</c>.</summary>
    /// <param name="odd">Gets the paths of what no schema knows.</param>
    public static Outcome<IReadOnlyList<MemberStep>> Of(ScimOperation operation, ICollection<string> odd)
    {
        if (operation.Filter is { } filter) return Selected(operation, filter);
        if (operation.Value.ValueKind is JsonValueKind.Null)
        {
            // Without a value all go, which nobody means by a list that is not there.
            if (operation.Deed is ScimAction.Remove)
                return ScimFault.Value("members: the value is null. Leave it out to remove all members.");
            return Array.Empty<MemberStep>();
        }
        if (Unnamed(operation.Value) is { } unnamed) return unnamed;
        var given = operation.Value.ValueKind is JsonValueKind.Undefined
            ? default
            : ScimResource.ReadValue(operation.Target.Attribute!, operation.Value, operation.Target.Path, odd);
        if (operation.Value.ValueKind is not JsonValueKind.Undefined && !given.Granted) return given.Refusal;
        var members = operation.Value.ValueKind is JsonValueKind.Undefined ? null : given.Value.Node;
        if (operation.Deed is ScimAction.Remove)
            // Without values all go; who is listed and is nobody here is not in the group anyway.
            return operation.Value.ValueKind is JsonValueKind.Undefined ? One(MemberAction.KeepOnly, [])
                : One(MemberAction.Remove,
                    [.. (members as JsonArray ?? []).Select(m => Id(m?["value"]?.GetValue<string>())).OfType<Guid>()]);
        var ids = Ids(members);
        if (!ids.Granted) return ids.Refusal;
        return operation.Deed is ScimAction.Add ? One(MemberAction.Add, ids.Value) : (MemberStep[])[.. Replacing(ids.Value)];
    }

    /// <summary><c>members[value eq "…"]</c>, also several of them joined by "or".</summary>
    static Outcome<IReadOnlyList<MemberStep>> Selected(ScimOperation operation, ScimFilter filter)
    {
        if (operation.Deed is not ScimAction.Remove) return ScimFault.NoTarget("A member cannot be changed. Remove it and add another.");
        return Values(filter) is { } values
            ? One(MemberAction.Remove, [.. values.Select(Id).OfType<Guid>()])
            : ScimFault.Filter("Members can only be selected by value eq, joined with or.");
    }

    static IReadOnlyList<string>? Values(ScimFilter filter) => filter switch
    {
        ScimFilter.Compare { Operator: ScimOperator.Eq, Value: string value } compare
        when compare.Path.Equals("value", StringComparison.OrdinalIgnoreCase) => [value],
        ScimFilter.Or either when Values(either.Left) is { } left && Values(either.Right) is { } right => [.. left, .. right],
        _ => null,
    };

    static Outcome<IReadOnlyList<MemberStep>> One(MemberAction deed, IReadOnlyList<Guid> people) => (MemberStep[])[new(deed, people)];

    static Guid? Id(string? text) => Guid.TryParseExact(text, "D", out var id) ? id : null;
}
