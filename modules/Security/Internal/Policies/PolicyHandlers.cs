using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Security.Internal.Policies;

sealed class PolicyHandlers(IMediator mediator, PolicyStore store, PolicyResolver policies)
    : IRequestHandler<ReadPolicies, IReadOnlyList<PolicyView>>, IRequestHandler<ReadPolicyNames, IReadOnlyList<PolicyName>>,
    IRequestHandler<ReadPolicy, Outcome<PolicyView>>,
    IRequestHandler<CreatePolicy, Outcome<PolicyId>>, IRequestHandler<ChangePolicy, Outcome<Done>>,
    IRequestHandler<DeletePolicy, Outcome<Done>>,
    IRequestHandler<MoveToPolicy, Outcome<int>>, IRequestHandler<MoveToPolicyByEmail, Outcome<MovedToPolicy>>,
    IRequestHandler<ReadPolicyOf, PolicyView?>
{
    public Task<IReadOnlyList<PolicyView>> Handle(ReadPolicies query, CancellationToken ct) => store.All(query.Organization, ct);

    public Task<IReadOnlyList<PolicyName>> Handle(ReadPolicyNames query, CancellationToken ct) => store.Names(query.Organization, ct);

    public async Task<Outcome<PolicyView>> Handle(ReadPolicy query, CancellationToken ct) =>
        (await store.All(query.Organization, ct)).FirstOrDefault(p => p.Id == query.Policy) is { } policy ? policy : new NotFound("policy");

    public async Task<Outcome<PolicyId>> Handle(CreatePolicy command, CancellationToken ct) =>
        command.Settings.Refusal is { } refusal ? refusal : await store.Create(command.Organization, command.Settings, command.Origin, ct);

    public async Task<Outcome<Done>> Handle(ChangePolicy command, CancellationToken ct) =>
        command.Settings.Refusal is { } refusal
            ? refusal
            : await store.Change(command.Organization, command.Policy, command.Seen, command.Settings, command.Origin, ct);

    public Task<Outcome<Done>> Handle(DeletePolicy command, CancellationToken ct) =>
        store.Delete(command.Organization, command.Policy, command.Origin, ct);

    public async Task<Outcome<int>> Handle(MoveToPolicy command, CancellationToken ct)
    {
        var managed = await mediator.Send(new WhichAreManaged(command.Organization, command.Accounts), ct);
        if (managed.Count < command.Accounts.Distinct().Count()) return new NotFound("account");
        var moved = await store.Move(command.Organization, command.Policy, managed, allOrNone: true, command.Origin, ct);
        return moved.Granted ? moved.Value.Accounts : moved.Refusal;
    }

    public async Task<Outcome<MovedToPolicy>> Handle(MoveToPolicyByEmail command, CancellationToken ct)
    {
        var list = command.File is { } file ? AddressInput.Of(file) : AddressInput.Of(command.Typed);
        var found = await mediator.Send(new FindManagedAccounts(command.Organization, list), ct);
        if (!found.Granted) return found.Refusal;
        var moved = await store.Move(command.Organization, command.Policy, found.Value.Accounts, allOrNone: false, command.Origin, ct);
        return moved.Granted
            ? new MovedToPolicy(moved.Value.Accounts, found.Value.Accounts.Count - moved.Value.Accounts - moved.Value.Provisioned,
                moved.Value.Provisioned, found.Value.Left)
            : moved.Refusal;
    }

    public async Task<PolicyView?> Handle(ReadPolicyOf query, CancellationToken ct) =>
        await mediator.Send(new ReadAccount(query.Account), ct) is { Granted: true, Value: var account }
            && account.ManagedBy == query.Organization ? await policies.PolicyFor(account, ct) : null;
}
