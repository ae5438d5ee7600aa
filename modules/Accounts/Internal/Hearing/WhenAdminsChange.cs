namespace DirectoryPlatform.Accounts.Internal.Hearing;

/// <summary>Tells whoever became an admin, or is one no longer (SPEC S7). Who sets an organization up, or is appointed by the platform,
/// knows it already.</summary>
sealed class WhenAdminsChange(AccountReading accounts, MailQueue post, ProductUrl address)
    : INotificationHandler<OrganizationAdminAppointed>, INotificationHandler<OrganizationAdminDismissed>
{
    public Task Handle(OrganizationAdminAppointed fact, CancellationToken ct) => fact.By is null || fact.By == fact.Account
        ? Task.CompletedTask
        : Tell(fact, fact.Organization.Value, name => new AdminAppointedLetter(name, address.Link($"/o/{fact.Organization}/admins")), ct);

    public Task Handle(OrganizationAdminDismissed fact, CancellationToken ct) => fact.By is null
        ? Task.CompletedTask
        : Tell(fact, fact.Organization.Value, name => new AdminDismissedLetter(name, fact.By == fact.Account), ct);

    async Task Tell(AccountFact fact, Guid organization, Func<string, Letter> write, CancellationToken ct)
    {
        if (await accounts.Of("id", fact.Account.Value, ct) is not { Email: { } email } account) return;
        var letter = write(account.Name);
        await post.Send(
            [new(email.Value, letter, organization, DeterministicGuid.Of(fact.Account, fact.At, organization, letter.Template))], ct);
    }
}
