namespace DirectoryPlatform.Provisioning.Internal.Bulk;

sealed class CarryOutBulkHandler(IMediator mediator, IdentityDirectoryReading directories)
    : IRequestHandler<CarryOutBulk, Outcome<ScimReply>>
{
    const string Schema = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

    /// <summary>One refusal is told in the directory's log for all of them.</summary>
    const int MostTold = 3;

    const int StatusOk = 200, StatusCreated = 201, StatusNoContent = 204;

    public async Task<Outcome<ScimReply>> Handle(CarryOutBulk command, CancellationToken ct)
    {
        var read = BulkOperation.ReadAll(command.Body);
        if (!read.Granted) return read.Refusal;
        var failures = BulkOperation.Member(command.Body, "failOnErrors") switch
        {
            null or { ValueKind: JsonValueKind.Null } => int.MaxValue,
            { ValueKind: JsonValueKind.Number } most when most.TryGetInt32(out var number) && number >= 1 => number,
            _ => 0,
        };
        if (failures == 0) return ScimFault.Value("failOnErrors is a number from 1 on.");
        var run = new Run(mediator, command, directories.BaseUrl(command.By.Directory.Value), read.Value, failures);
        foreach (var operation in read.Value)
        {
            if (run.IsOver) break;
            await run.Do(operation);
        }
        return new ScimReply(new() { ["schemas"] = new JsonArray(Schema), ["Operations"] = new JsonArray([.. run.Answers]) },
            Odd: run.Told)
        {
            Each = run.Odd
        };
    }

    /// <summary>What has become of the operations so far.</summary>
    sealed class Run(IMediator mediator, CarryOutBulk command, string root, IReadOnlyList<BulkOperation> all, int failures)
    {
        readonly Dictionary<string, BulkOperation> _byName = all.Where(o => o.BulkId is not null)
            .ToDictionary(o => o.BulkId!, StringComparer.Ordinal);
        readonly Dictionary<string, Guid> _made = new(StringComparer.Ordinal);
        readonly HashSet<BulkOperation> _done = new(ReferenceEqualityComparer.Instance), _waiting = new(ReferenceEqualityComparer.Instance);
        readonly List<string> _refused = [];
        readonly List<OddRequest> _odd = [];

        public List<JsonObject> Answers { get; } = [];
        public bool IsOver => _refused.Count >= failures;
        public string? Told => _refused.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"{_refused.Count} of {all.Count} operations were rejected: {string.Join(" ", _refused.Take(MostTold))}");

        /// <summary>Those that were carried out, but not as sent.</summary>
        public IReadOnlyList<OddRequest> Odd => _odd;

        public async Task Do(BulkOperation operation)
        {
            if (_done.Contains(operation)) return;
            _waiting.Add(operation);
            Refusal? stuck = null;
            foreach (var name in operation.Needs)
            {
                if (!_byName.TryGetValue(name, out var needed)) stuck = ScimFault.Value($"There is no operation with the bulkId {name}.");
                else if (_waiting.Contains(needed))
                    stuck = new ScimFault(409, null,
                        $"The operations {operation.BulkId ?? operation.Path} and {name} wait for each other. "
                        + "Create one without the other first.");
                else await Do(needed);
                if (stuck is not null || IsOver) break;
                if (!_made.ContainsKey(name))
                    stuck = new ScimFault(409, null, $"The operation {name}, which this one refers to, created nothing.");
            }
            _waiting.Remove(operation);
            if (!_done.Add(operation) || (IsOver && stuck is null)) return;
            Answer(operation, stuck ?? await Carry(operation));
        }

        async Task<Outcome<ScimReply>> Carry(BulkOperation operation)
        {
            if (operation.Broken is { } broken) return broken;
            var (all, id) = operation.Place(_made);
            var body = operation.Body(_made);
            var (by, wanted, origin, version) = (command.By, new ScimWanted(null, null), command.Origin, operation.Version);
            return (operation.Method, all, id) switch
            {
                ("POST", "Users", null) => await mediator.Send(new CreateScimUser(by, body, wanted, origin)),
                ("PUT", "Users", { } user) => await mediator.Send(new ReplaceScimUser(by, user, body, version, wanted, origin)),
                ("PATCH", "Users", { } user) => await mediator.Send(new PatchScimUser(by, user, body, version, wanted, origin)),
                ("DELETE", "Users", { } user) => await mediator.Send(new DeleteScimUser(by, user, version, origin)),
                // A group's members are told nobody in a bulk answer, so they are not read.
                ("POST", "Groups", null) => await mediator.Send(new CreateScimGroup(by, body, Briefly, origin)),
                ("PUT", "Groups", { } group) => await mediator.Send(new ReplaceScimGroup(by, group, body, version, Briefly, origin)),
                ("PATCH", "Groups", { } group) => await mediator.Send(new PatchScimGroup(by, group, body, version, Briefly, origin)),
                ("DELETE", "Groups", { } group) => await mediator.Send(new DeleteScimGroup(by, group, version, origin)),
                _ => ScimFault.NotFound(all == "Groups" ? "group" : "user"),
            };
        }

        static readonly ScimWanted Briefly = new("id,meta", null);

        void Answer(BulkOperation operation, Outcome<ScimReply> outcome)
        {
            var answer = new JsonObject { ["method"] = operation.Method };
            if (operation.BulkId is not null) answer["bulkId"] = operation.BulkId;
            // Of each but a POST that failed (RFC 7644, 3.7).
            if (((outcome.Granted ? outcome.Value.Location : null) ?? operation.Location(root, _made)) is { } location)
                answer["location"] = location;
            if (outcome.Granted)
            {
                var reply = outcome.Value;
                if (operation is { Method: "POST", BulkId: { } name } && Guid.TryParse(reply.Body?["id"]?.GetValue<string>(), out var made))
                    _made[name] = made;
                if (reply.ETag is not null) answer["version"] = reply.ETag;
                if (reply.Body?[ScimReply.PassedOver] is JsonArray { Count: > 0 } over)
                    answer["response"] = new JsonObject
                    {
                        ["schemas"] = new JsonArray(ScimReply.PassedOver),
                        [ScimReply.PassedOver] = over.DeepClone()
                    };
                var status = operation.Method switch
                {
                    "POST" => StatusCreated,
                    "DELETE" => StatusNoContent,
                    _ => StatusOk
                };
                answer["status"] = status.ToString(CultureInfo.InvariantCulture);
                if (reply.Odd is { } odd)
                    _odd.Add(new(operation.Method, operation.Path, status, odd, operation.Place(_made) is ("Users", { } person) ? person
                        : operation is { Method: "POST", BulkId: { } own } ? _made.GetValueOrDefault(own)
                        : null));
            }
            else
            {
                var fault = outcome.Refusal as ScimFault ?? new ScimFault(403, null, outcome.Refusal.Sentence);
                _refused.Add(fault.Detail);
                answer["status"] = fault.Status.ToString(CultureInfo.InvariantCulture);
                answer["response"] = fault.Write();
            }
            Answers.Add(answer);
        }
    }
}
