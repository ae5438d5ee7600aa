using System.Reflection;

namespace DirectoryPlatform.Kernel.Grains;

/// <summary>Registers MediatR's handlers by scan; 5.1.0 brings no registration of its own.</summary>
static class Mediation
{
    /// <exception cref="InvalidOperationException">Two handlers for one request.</exception>
    public static IServiceCollection AddMediation(this IServiceCollection services, IReadOnlyList<Assembly> modules)
    {
        services.AddTransient<IMediator>(provider => new Mediator(provider.GetService!));
        foreach (var type in modules.SelectMany(m => m.GetTypes())
            .Where(t => t is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false }))
        {
            foreach (var handled in type.GetInterfaces().Where(i => i.IsGenericType))
            {
                var definition = handled.GetGenericTypeDefinition();
                if (definition == typeof(IRequestHandler<,>))
                    AddOnce(services, handled, type);
                else if (definition == typeof(INotificationHandler<>))
                    services.AddTransient(handled, type);
            }
            // A grain command is its own handler: it decides, the grain host does the rest.
            if (GrainCommandBase(type) is { } command)
            {
                var (state, fact) = (command.GenericTypeArguments[0], command.GenericTypeArguments[1]);
                AddOnce(services, typeof(IRequestHandler<,>).MakeGenericType(type, typeof(Outcome<>).MakeGenericType(fact)),
                    typeof(TurnHandler<,,>).MakeGenericType(type, state, fact));
            }
        }
        return services;
    }

    static Type? GrainCommandBase(Type type)
    {
        for (var b = type.BaseType; b is not null; b = b.BaseType)
            if (b.IsGenericType && b.GetGenericTypeDefinition() == typeof(GrainCommand<,>)) return b;
        return null;
    }

    static void AddOnce(IServiceCollection services, Type service, Type implementation)
    {
        if (services.Any(s => s.ServiceType == service))
            throw new InvalidOperationException($"Two handlers for {service.GenericTypeArguments[0].Name}");
        services.AddTransient(service, implementation);
        // Whatever says who asked for it changes something.
        if (service.GenericTypeArguments[0].GetProperty(nameof(Origin))?.PropertyType != typeof(Origin)) return;
        foreach (var behaviour in (Type[])[typeof(WatchedCommand<,>), typeof(SettledCommand<,>)])
            services.AddTransient(typeof(IPipelineBehavior<,>).MakeGenericType(service.GenericTypeArguments),
                behaviour.MakeGenericType(service.GenericTypeArguments));
    }
}

sealed class TurnHandler<TCommand, TState, TFact>(IGrains<TState, TFact> grains) : IRequestHandler<TCommand, Outcome<TFact>>
    where TCommand : GrainCommand<TState, TFact>
    where TState : class
    where TFact : Fact
{
    public Task<Outcome<TFact>> Handle(TCommand command, CancellationToken ct) => grains.Turn(command, ct);
}
