using System.Diagnostics;
using System.Text.RegularExpressions;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// The guide's own program, compiled with a client that Kiota makes from the document as it is served, against a real port (SPEC P1, P3):
/// who generates a client gets one that works.
/// </summary>
[Trait("Rule", "P3"), Collection(Programs.Name)]
public sealed partial class DriveAGeneratedClient : OnApi
{
    /// <summary>The generator's, the compiler's and the program's own time, on a busy machine.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_program_of_the_guide_lists_suspends_restores_and_reads_events()
    {
        var site = await Here.Grant(new CreateSite(Acme, "Team", "https://team.acme.example", By(Ada)));
        await Here.Grant(new InviteUsers(site, ["liam@acme.example", "new@mail.example"], new Dictionary<string, AppRole>(), [], null,
            By(Ada)));
        await using var listening = await WholeSite.Listening(Here);
        var folder = Directory.CreateTempSubdirectory("dp-sdk-");
        try
        {
            string At(string name) => Path.Combine(folder.FullName, name);
            Directory.CreateDirectory(At(".config"));
            File.Copy(Path.Combine(Checkout.Root.FullName, ".config", "dotnet-tools.json"), At(".config/dotnet-tools.json"));
            File.Copy(Path.Combine(Checkout.Root.FullName, "Directory.Packages.props"), At("Directory.Packages.props"));
            await File.WriteAllTextAsync(At("Sdk.csproj"), Project);
            var guide = await File.ReadAllTextAsync(Path.Combine(Checkout.Root.FullName, "docs", "api.md"));
            await File.WriteAllTextAsync(At("Program.cs"), Example().Match(guide).Groups[1].Value);
            await File.WriteAllTextAsync(At("openapi.json"), (await Document()).ToJsonString());
            var generate = Generate().Match(guide).Groups[1].Value.Replace("\\\n", "", StringComparison.Ordinal)
                .Replace("\"$ADDRESS/openapi.json\"", "openapi.json", StringComparison.Ordinal);
            generate.ShouldContain("openapi.json");
            await Run(folder, listening, "tool restore");
            // What the generator warns of, clients lack.
            (await Run(folder, listening, generate)).ShouldNotContain("warn", Case.Insensitive);
            await Run(folder, listening, "build -c Release -v quiet -nologo -o out");
            (await Run(folder, listening, "out/Sdk.dll")).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
            [
                "user liam@acme.example Active", "user new@mail.example Invited", "then Suspended", "then Active",
                "event user_restored by ada@acme.example", "event user_suspended by ada@acme.example",
                "refused 404 There is no such user here.",
            ]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>As anybody's.</summary>
    const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <InvariantGlobalization>true</InvariantGlobalization>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Microsoft.Kiota.Http.HttpClientLibrary" />
            <PackageReference Include="Microsoft.Kiota.Serialization.Form" />
            <PackageReference Include="Microsoft.Kiota.Serialization.Json" />
            <PackageReference Include="Microsoft.Kiota.Serialization.Multipart" />
            <PackageReference Include="Microsoft.Kiota.Serialization.Text" />
          </ItemGroup>
        </Project>
        """;

    /// <returns>What it said.</returns>
    async Task<string> Run(DirectoryInfo folder, WholeSite site, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ADDRESS"] = site.Address.AbsoluteUri.TrimEnd('/'),
                ["KEY"] = (await Key(Acme, Ada)).Secret,
                ["WHO"] = "liam@acme.example",
                ["KIOTA_OFFLINE_ENABLED"] = "true",
                ["KIOTA_CLI_TELEMETRY_OPTOUT"] = "true",
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "true",
            },
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(0, $"dotnet {arguments}\n{await output}\n{await errors}");
        return await output;
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("dotnet (kiota generate [^`]*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Generate();
}
