using Dapper;
using DirectoryPlatform.Provisioning.Internal.Protocol;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>
/// Whatever a provider may ask for finds its person among twenty thousand without walking through them. Nothing is changed, so one database
/// is enough for all questions.
/// </summary>
[Trait("Rule", "P2")]
public sealed class FilterByIndex(FilterByIndex.TwentyThousand users) : IClassFixture<FilterByIndex.TwentyThousand>
{
    const string Enterprise = MadeUpUsers.Enterprise;

    public sealed class TwentyThousand : IAsyncLifetime
    {
        public static readonly Guid Directory = new("11111111-1111-1111-1111-111111111111");

        public TestInstallation Here { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Here = await TestInstallation.Fresh(nameof(FilterByIndex));
            await using var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
            await connection.ExecuteAsync("""
                insert into directory.identity_directory (id, organization_id, name, name_key, token_made_at, created_at, created_by)
                values (@Directory, @Directory, 'x', 'x', 'epoch', 'epoch', @Directory);
                insert into directory.provisioned_user
                  (directory_id, account_id, user_name, external_id, active, resource, version, created_at, changed_at)
                select @Directory, gen_random_uuid(), 'u' || n || '@acme.example', 'e' || n, true,
                  jsonb_build_object('userName', 'u' || n, 'displayName', 'Name ' || n,
                    'name', jsonb_build_object('familyName', 'Family' || n, 'givenName', 'Given' || n),
                    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object('employeeNumber', 'N' || n,
                      'department', 'D' || n, 'costCenter', 'C' || n, 'division', 'V' || n, 'organization', 'O' || n,
                      'manager', jsonb_build_object('value', 'm' || n)),
                    'emails', jsonb_build_array(jsonb_build_object('value', 'm' || n || '@acme.example', 'type', 'work'))),
                  1, now(), timestamptz '2026-01-01 00:00+00' + n * interval '1 minute' from generate_series(1, 20000) n;
                insert into accounts.account (id, version, email, name, name_key, state, email_verified, created_at)
                select account_id, 1, user_name, 'x', 'x', 1, true, now() from directory.provisioned_user;
                analyze directory.provisioned_user;
                analyze accounts.account
                """, new { Directory });
        }

        public async Task DisposeAsync() => await Here.DisposeAsync();
    }

    [Theory]
    [InlineData("userName eq \"U777@acme.example\"")]
    [InlineData("userName sw \"u777\"")]
    [InlineData("externalId eq \"e777\"")]
    [InlineData("displayName eq \"Name 777\"")]
    [InlineData("displayName sw \"name 777\"")]
    [InlineData("name.familyName eq \"family777\"")]
    [InlineData("name.givenName eq \"given777\"")]
    [InlineData("emails eq \"M777@acme.example\"")]
    [InlineData("emails.value eq \"m777@acme.example\"")]
    [InlineData("emails[type eq \"work\" and value eq \"m777@acme.example\"]")]
    [InlineData("emails[type eq \"work\"].value eq \"m777@acme.example\" and active eq true")]
    [InlineData("meta.lastModified ge \"2026-01-01T12:57:00Z\" and meta.lastModified lt \"2026-01-01T12:58:00Z\"")]
    [InlineData($"{Enterprise}:employeeNumber eq \"n777\"")]
    [InlineData($"{Enterprise}:department eq \"D777\" and active eq true")]
    [InlineData($"{Enterprise}:costCenter eq \"c777\"")]
    [InlineData($"{Enterprise}:division eq \"v777\"")]
    [InlineData($"{Enterprise}:organization eq \"o777\"")]
    [InlineData($"{Enterprise}:manager eq \"m777\"")]
    [InlineData($"{Enterprise}:manager.value eq \"m777\"")]
    // A double negation is nobody's question; the directory is walked.
    [InlineData("not (not (userName eq \"u777@acme.example\")) and id pr", false)]
    public async Task Is_answered_by_an_index(string text, bool quick = true)
    {
        var values = new DynamicParameters();
        var where = ScimFilter.Parse(text).Value.Sql(ScimResource.User, values).Value;
        values.Add("directory", TwentyThousand.Directory);
        await using var connection = await users.Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        var question = $"select u.account_id from directory.provisioned_user u where u.directory_id = @directory and ({where})";
        var plan = string.Join('\n', await connection.QueryAsync<string>(
            $"explain (analyze, costs off, timing off, summary off) {question} order by u.account_id limit 100", values));
        (await connection.QueryAsync<Guid>(question, values)).ShouldNotBeEmpty();
        string[] slow = ["Rows Removed by Filter", "Seq Scan"];
        slow.Any(s => plan.Contains(s, StringComparison.Ordinal)).ShouldBe(!quick, plan);
    }
}
