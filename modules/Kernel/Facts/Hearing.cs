namespace DirectoryPlatform.Kernel.Facts;

/// <summary>Tells facts of one type to their listeners.</summary>
abstract class Hearing
{
    public static Hearing Of(Type fact) => (Hearing)Activator.CreateInstance(typeof(ToListeners<>).MakeGenericType(fact))!;

    /// <summary>How many are told together at most: 0 where nobody listens, 1 unless every listener takes many. The listeners of one fact
    /// hear it one after the other in the order in which they were registered.</summary>
    public abstract int AtOnce(IServiceProvider services, int most);

    public abstract Task Tell(IServiceProvider services, IReadOnlyList<Fact> facts, CancellationToken ct);

    sealed class ToListeners<T> : Hearing where T : Fact
    {
        public override int AtOnce(IServiceProvider services, int most)
        {
            var listeners = services.GetServices<INotificationHandler<T>>().ToList();
            return listeners.Count == 0 ? 0 : listeners.TrueForAll(l => l is IHearsMany<T>) ? most : 1;
        }

        public override async Task Tell(IServiceProvider services, IReadOnlyList<Fact> facts, CancellationToken ct)
        {
            var typed = facts.Cast<T>().ToList();
            foreach (var listener in services.GetServices<INotificationHandler<T>>())
                if (listener is IHearsMany<T> many) await many.Hear(typed, ct);
                else
                    foreach (var fact in typed) await listener.Handle(fact, ct);
        }
    }
}
