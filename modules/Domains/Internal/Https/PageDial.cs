using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DirectoryPlatform.Domains.Internal.Https;

/// <summary>Connects to checked addresses only, whatever the name resolves to meanwhile,
/// and accepts only certificates that name the host.</summary>
sealed class PageDial(HttpsSettings settings, IReadOnlyList<IPAddress> open) : IDisposable
{
    public const int MostAddresses = 4; // dialled one after another

    SocketsHttpHandler? _handler;

    /// <summary>Those of a host's addresses that may be dialled.</summary>
    public static IReadOnlyList<IPAddress> Open(HttpsSettings settings, IReadOnlyList<IPAddress> found) =>
        [.. found.Where(address => settings.AllowPrivateAddresses || PublicAddress.IsPublic(address)).Take(MostAddresses)];

    public SocketsHttpHandler Handler() => _handler = new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false, // a proxy would look the name up again, behind the check
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = settings.ConnectTimeout,
        MaxResponseHeadersLength = 16, // KiB
        MaxResponseDrainSize = 0,
        ConnectCallback = Connect,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = Accept },
    };

    public void Dispose() => _handler?.Dispose();

    async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        SocketException? last = null;
        foreach (var address in open)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException error)
            {
                last = error;
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || settings.Trusted.Count == 0
            || certificate is not X509Certificate2 leaf)
            return false;
        using var again = new X509Chain();
        again.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        again.ChainPolicy.CustomTrustStore.AddRange(settings.Trusted);
        again.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        again.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // server authentication, RFC 5280
        if (chain is not null)
            again.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        return again.Build(leaf);
    }
}
