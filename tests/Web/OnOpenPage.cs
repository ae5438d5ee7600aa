using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>What tests of open pages have in common: the program beside a second node, and an admin who looks at a page of it.</summary>
public abstract class OnOpenPage(RunningNode node) : IClassFixture<RunningNode>, IAsyncLifetime
{
    private protected const string Password = "violet lantern orbit";

    private protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private protected int No { get; } = RunningNode.Number;
    private protected RunningNode Node => node;
    private protected TestInstallation Here => node.Here;
    private protected OrganizationId Acme { get; private set; }
    private protected AccountId Ada { get; private set; }
    private protected AccountId Liam { get; private set; }

    public async Task InitializeAsync()
    {
        Acme = await Here.Organization($"acme-{No}");
        Ada = await Here.Admin(Acme, Address("ada"));
        await Here.Grant(new GivePassword([Ada], Password));
        await Here.VerifiedDomain(Acme, $"acme-{No}.example");
        Liam = await Here.Account(Address("liam"), managedBy: Acme);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private protected string Address(string name) => $"{name}@acme-{No}.example";

    /// <summary>Ada's browser.</summary>
    private protected async Task<SiteVisitor> SignedIn(Uri? at = null)
    {
        var ada = node.Browser(at);
        await ada.SignIn(Address("ada"), Password);
        return ada;
    }

    private protected string Path => $"/o/{Acme}/live";

    private protected static async Task<HttpResponseMessage> Open(SiteVisitor visitor, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "HX-Request", "true" } } };
        return await visitor.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>What is read until it ends, or the text comes.</summary>
    private protected static async Task<string> Read(Stream stream, string? until = null)
    {
        var (buffer, all) = (new byte[1000], "");
        using var enough = new CancellationTokenSource(Patience);
        try
        {
            while (until is null || !all.Contains(until, StringComparison.Ordinal))
            {
                var count = await stream.ReadAsync(buffer, enough.Token);
                if (count == 0) break;
                all += System.Text.Encoding.UTF8.GetString(buffer, 0, count);
            }
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException) { } // An answer that is cut off has ended, too.
        return all;
    }
}
