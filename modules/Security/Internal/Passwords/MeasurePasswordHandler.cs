using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Policies;
using MediatR;

namespace DirectoryPlatform.Security.Internal.Passwords;

sealed class MeasurePasswordHandler(IMediator mediator, PolicyResolver policies) : IRequestHandler<MeasurePassword, MeasuredPassword>
{
    public async Task<MeasuredPassword> Handle(MeasurePassword query, CancellationToken ct)
    {
        if (query.Account is not { } id) return PasswordMeter.Measure(query.Password, query.About, PolicyRules.WithoutPolicy);
        var account = await mediator.Send(new ReadAccount(id), ct);
        return PasswordMeter.Measure(query.Password,
            account.Granted ? [.. query.About, account.Value.Email, account.Value.Name] : query.About, await policies.Account(id, ct));
    }
}
