using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security.Hearing;
using DirectoryPlatform.Security.Passwords;
using DirectoryPlatform.Security.Policies;
using DirectoryPlatform.Security.Sessions;
using DirectoryPlatform.Security.SignInRules;
using DirectoryPlatform.Security.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Security;

public static class SecurityRegistration
{
    public static IServiceCollection AddSecurity(this IServiceCollection services) => services
        .AddSingleton<PasswordHashing>()
        .AddSingleton<PasswordStore>()
        .AddSingleton<Throttle>()
        .AddSingleton<PolicyOf>()
        .AddSingleton<IForgetPeople, ForgetCredentials>()
        .AddSingleton<IRecurring>(all => all.GetRequiredService<Throttle>())
        .AddTransient<Gate>()
        .AddSingleton<DeletionTickets>()
        .AddSingleton<SessionStore>()
        .AddSingleton<ApiTokenStore>()
        .AddSingleton<SetupCodes>();
}
