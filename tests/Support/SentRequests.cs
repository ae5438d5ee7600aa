using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using MediatR;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// Which requests code can send: those that it makes, found in its instructions and in those of whatever it calls in its own assembly.
/// Too many rather than too few: a request that is made on a path that nobody takes counts as sent.
/// </summary>
static class SentRequests
{
    static readonly Dictionary<short, OpCode> Codes =
        typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (OpCode)f.GetValue(null)!)
            .ToDictionary(c => c.Value);

    const BindingFlags Everything = All | BindingFlags.Static | BindingFlags.DeclaredOnly,
    All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    /// <summary>By any method of a page's model or of what it derives from.</summary>
    public static IReadOnlySet<Type> By(Type model)
    {
        var walk = new Walk(model.Assembly);
        for (var type = model; type is not null && type.Assembly == model.Assembly; type = type.BaseType) walk.AllOf(type);
        return walk.Made;
    }

    public static IReadOnlySet<Type> By(MethodInfo handler)
    {
        var walk = new Walk(handler.Module.Assembly);
        walk.Visit(handler);
        return walk.Made;
    }

    /// <summary>A delegate that was made of others is asked for these as well.</summary>
    public static IReadOnlySet<Type> By(Delegate handler)
    {
        var walk = new Walk(handler.Method.Module.Assembly);
        Through(handler, walk, []);
        return walk.Made;
    }

    static void Through(Delegate handler, Walk walk, HashSet<object> seen)
    {
        walk.Visit(handler.Method);
        Captured(handler.Target);

        void Captured(object? closure)
        {
            if (closure is null || !seen.Add(closure) || closure.GetType().GetCustomAttribute<CompilerGeneratedAttribute>() is null) return;
            foreach (var field in closure.GetType().GetFields(All))
                if (field.GetValue(closure) is Delegate inner) Through(inner, walk, seen);
                else Captured(field.GetValue(closure));
        }
    }

    sealed class Walk(Assembly assembly)
    {
        readonly HashSet<MethodBase> _seen = [];

        public HashSet<Type> Made { get; } = [];

        public void AllOf(Type type)
        {
            foreach (var method in type.GetMethods(Everything)) Visit(method);
            foreach (var constructor in type.GetConstructors(Everything)) Visit(constructor);
        }

        public void Visit(MethodBase method)
        {
            if (!_seen.Add(method) || method.GetMethodBody()?.GetILAsByteArray() is not { } code) return;
            if (method.GetCustomAttribute<StateMachineAttribute>() is { } machine)
            {
                var (type, of) = (machine.StateMachineType, method.DeclaringType!);
                var isOfKnown = type.IsGenericTypeDefinition && !of.ContainsGenericParameters
                    && type.GetGenericArguments().Length == of.GenericTypeArguments.Length;
                AllOf(isOfKnown ? type.MakeGenericType(of.GenericTypeArguments) : type);
            }
            for (var at = 0; at < code.Length;)
            {
                var opcode = code[at] == 0xFE ? Codes[(short)(0xFE00 | code[at + 1])] : Codes[code[at]];
                at += opcode.Size;
                if (opcode.OperandType is OperandType.InlineMethod) Meet(method, BitConverter.ToInt32(code, at));
                at += opcode.OperandType switch
                {
                    OperandType.InlineNone => 0,
                    OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                    OperandType.InlineVar => 2,
                    OperandType.InlineI8 or OperandType.InlineR => 8,
                    OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                    _ => 4,
                };
            }
        }

        void Meet(MethodBase within, int token)
        {
            var met = within.Module.ResolveMethod(token,
                within.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null,
                within is MethodInfo { IsGenericMethod: true } ? within.GetGenericArguments() : null);
            if (met is ConstructorInfo && met.DeclaringType is { } made && made.IsAssignableTo(typeof(IBaseRequest))) Made.Add(made);
            if (met?.Module.Assembly == assembly) Visit(met);
        }
    }
}
