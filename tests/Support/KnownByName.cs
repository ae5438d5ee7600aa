using System.Reflection;
using Xunit.Sdk;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Tells a test's lane the name of the test, which xunit gives to attributes alone.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class KnownByNameAttribute : BeforeAfterTestAttribute
{
    /// <summary>Set where the test's object is made, in the same flow in which the attribute is asked.</summary>
    public static readonly AsyncLocal<OnInstallation?> Running = new();

    public override void Before(MethodInfo methodUnderTest) =>
        Running.Value?.IsCalled($"{methodUnderTest.ReflectedType!.Name}.{methodUnderTest.Name}");
}
