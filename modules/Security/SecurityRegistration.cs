using DirectoryPlatform.Security.Internal.Bulk;
using DirectoryPlatform.Security.Internal.Hearing;
using DirectoryPlatform.Security.Internal.Keys;
using DirectoryPlatform.Security.Internal.SingleSignOn;
using DirectoryPlatform.Security.Internal.SingleSignOn.Saml;
using DirectoryPlatform.Security.Internal.Storage;
using DirectoryPlatform.Security.Internal.Tokens;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DirectoryPlatform.Security;

public static class SecurityRegistration
{
    public static IServiceCollection AddSecurity(this IServiceCollection services)
    {
        // One that was registered before is a test's.
        services.TryAddSingleton(new PasswordSettings());
        return services.AddCredentials();
    }

    static IServiceCollection AddCredentials(this IServiceCollection services) => services
        .AddGrains<HeldCredentials, CredentialsFact, CredentialsStore, ICredentialsGrain>()
        .AddSingleton<PasswordHashing>()
        .AddSingleton<PasswordStore>()
        .AddSingleton(NameKeys.Policies).AddSingleton(NameKeys.Rules)
        .AddSingleton<PasswordProof>()
        .AddTransient<PasswordChoice>()
        .AddTransient<PasswordResetLinks>()
        .AddTransient<TellAdmins>()
        .AddTransient<BegunSince>()
        .AddSingleton<TwoStepStore>()
        .AddSingleton<Enrolments>()
        .AddTransient<SignInFlow>()
        .AddSingleton<CodeProof>()
        .AddSingleton<SignInTickets>()
        .AddSingleton<KnownNetworks>()
        .AddSingleton<SignInReading>()
        .AddSingleton<Throttle>()
        .AddSingleton<PolicyStore>()
        .AddSingleton<PolicyReading>()
        .AddSingleton<PolicyResolver>()
        .AddSingleton<IUseGroups, GroupsInRules>()
        .AddSingleton<IFilterAccounts, FilterByCredentials>()
        .AddSingleton<IErasePersonalData, ForgetCredentials>()
        .AddSingleton<IDeleteOrganizationData, ForgetRules>()
        .AddSingleton<IRecurring>(all => all.GetRequiredService<Throttle>())
        .AddSingleton<IRecurring, OldCredentials>()
        .AddSingleton<IRecurring, PasswordsOfNobody>()
        .AddAccountAction<ResetPasswordsInBulk>()
        .AddAccountAction<LogOutInBulk>()
        .AddAccountAction<RevokeApiTokensInBulk>()
        .AddAccountAction<MoveToPolicyInBulk>()
        .AddSingleton<IdentityProviderStore>()
        .AddSingleton<ProviderAnswers>()
        .AddSingleton<ProviderVisits>()
        .AddSingleton<ProviderTickets>()
        .AddSingleton<TestAnswers>()
        .AddTransient<SsoDiscovery>()
        .AddTransient<Gate>()
        .AddSingleton<DeletionTickets>()
        .AddSingleton<SessionStore>()
        .AddCache<KnownVisitors>()
        .AddSingleton<ApiTokenStore>()
        .AddTransient<NewKeys>()
        .AddSingleton<IRecurring, WarnOfExpiry>()
        .AddSingleton<SetupCodes>();
}
