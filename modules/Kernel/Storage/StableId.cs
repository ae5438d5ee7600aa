using System.Security.Cryptography;
using System.Text;

namespace DirectoryPlatform.Kernel;

/// <summary>The same words give the same id: how a listener that hears a fact twice does its work once.</summary>
public static class StableId
{
    public static Guid Of(params object[] words) => new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', words)))[..16]);
}
