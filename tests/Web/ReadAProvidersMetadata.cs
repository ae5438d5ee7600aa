using System.Net;
using DirectoryPlatform.Domains.Internal.Https;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The three ways to enter a provider (SPEC S5), by its form: where it publishes its metadata, as a file, by its values.</summary>
public sealed class ReadAProvidersMetadata(OneProvider one) : OnAProvider(one)
{
    [Fact]
    public async Task The_way_that_was_chosen_counts_and_what_is_wrong_is_said_beside_its_field()
    {
        // A lab's, since a lane's own reads nothing of the inner network.
        await using var lab = await WholeSite.On(Here,
            services => services.AddSingleton(new HttpsSettings { AllowPrivateAddresses = true }));
        using var ada = lab.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        var page = $"/o/{Acme}/single-sign-on";
        async Task<string> Refused(params (string, string)[] sent)
        {
            using var answer = await ada.Post(page, sent);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            return (await Said(answer)).Split("id=\"theirs\"")[1];
        }

        var published = Provider.Address.Replace("localhost", "127.0.0.1", StringComparison.Ordinal); // which no name server is asked for
        var gone = await Refused(("Input.Way", "url"), ("Input.Url", $"{published}/nothing"),
            ("Input.EntityId", "https://kept.example"));
        gone.ShouldContain("The metadata could not be read. It answered 404.");
        gone.ShouldMatch("id=\"input-url\"[^>]*is-invalid|is-invalid[^>]*id=\"input-url\"");
        gone.ShouldContain("https://kept.example", customMessage: "what stands in another way's fields is not lost");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var blank = builder.Build();
        blank.Run(async asked => await asked.Response.WriteAsync("\n"));
        await blank.StartAsync();
        // Were that no metadata, the fields of another way would count.
        (await Refused(("Input.Way", "url"), ("Input.Url", blank.Urls.Single()), ("Input.EntityId", Provider.EntityId),
            ("Input.SignInAddress", Provider.SignInAddress), ("Input.Certificates", Provider.Certificate))).ShouldContain("It is empty.");
        (await Refused(("Input.Way", "url"))).ShouldContain("Enter a URL that begins with https://.");
        (await Refused(("Input.Way", "file"))).ShouldContain("Choose the provider’s metadata file");
        (await Refused(("Input.Way", "manual"), ("Input.Metadata", await Provider.Metadata()), ("Input.EntityId", "https://a.example")))
            .ShouldContain("such as https://idp.example.com/sso");

        using var saved = await ada.Post(page, ("Input.Way", "url"), ("Input.Url", $" {published}/metadata "),
            ("Input.EntityId", "https://other.example"));
        saved.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Send(new ReadIdentityProvider(Acme))).Proposed!.EntityId.ShouldBe(Provider.EntityId);
    }

    /// <summary>Each label could be one of a name; the name could not.</summary>
    public static IEnumerable<object[]> TooLong() =>
        [[$"https://{string.Concat(Enumerable.Repeat($"{new string('a', 49)}.", 6))}example/metadata", "no valid host name"]];

    [Theory, Trait("Rule", "D6")]
    [InlineData("https://127.0.0.1/metadata", "has no public address")]
    [InlineData("https://169.254.169.254/latest", "has no public address")]
    [InlineData("https://[::1]/", "has no public address")]
    [InlineData("http://idp.example.com/metadata", "Only https:// URLs")]
    [InlineData("file:///etc/passwd", "begins with https://")]
    [InlineData("https://user:secret@example.com/", "user name or password")]
    [InlineData(null, "begins with https://")]
    [MemberData(nameof(TooLong))]
    public async Task The_inner_network_is_not_read(string? url, string why)
    {
        await using var careful = Here.AnotherNode();
        (await careful.Refuse(new FetchProviderMetadata(url))).ShouldBeOfType<InvalidValue>()
            .ShouldSatisfyAllConditions(r => r.Field.ShouldBe("url"), r => r.Sentence.ShouldContain(why));
    }
}
