using System.Net;
using System.Text.Json.Nodes;

namespace DirectoryPlatform.Tests.Web;

public sealed partial class FilterUsersByChance
{
    /// <summary>The search of version 1: other words, and all managed accounts besides; no invitations.</summary>
    async Task AskV1(int number)
    {
        var (body, tests) = (new JsonObject { ["expand"] = new JsonArray("EMAIL") }, new List<Func<Somebody, bool>>());
        foreach (var _ in Enumerable.Range(0, _random.Next(1, 4)))
            switch (_random.Next(7))
            {
                case 0 when !body.ContainsKey("accountIds"):
                    var ids = Several([.. _all.Where(p => p.Id is not null).Select(p => $"{p.Id}"), $"{Gus}"]);
                    body["accountIds"] = Array(ids);
                    tests.Add(p => ids.Contains($"{p.Id}"));
                    break;
                case 1 when !body.ContainsKey("accountStatuses"):
                    var states = Several(["ACTIVE", "INACTIVE"]);
                    body["accountStatuses"] = Array(states);
                    tests.Add(p => states.Contains(p.Account, StringComparer.OrdinalIgnoreCase));
                    break;
                case 2 when !body.ContainsKey("namesOrNicknames"):
                    Text("namesOrNicknames", p => p.Name, [.. _all.Select(p => p.Name)], ["ann", "ÜNAL", "unal 1", "long"],
                        (name, part) => Plain(name).Contains(Plain(part), StringComparison.OrdinalIgnoreCase));
                    break;
                case 3 when !body.ContainsKey("emailUsernames"):
                    Text("emailUsernames", p => p.Email.Split('@')[0], ["p1", "P2", "liam", "ada", "p", "nobody"],
                        ["P1", "a", "1", "_", "LIA", "zzz"],
                        (name, part) => name.Contains(part, StringComparison.OrdinalIgnoreCase));
                    break;
                case 4 when !body.ContainsKey("emailDomains"):
                    Text("emailDomains", p => p.Email.Split('@')[1], ["acme.example", "MAIL.example", "none.example"],
                        ["acme", ".EX", "le"], (name, part) => name.Contains(part, StringComparison.OrdinalIgnoreCase));
                    break;
                case 5 when !body.ContainsKey("isSuspended"):
                    var suspended = Chance(2);
                    body["isSuspended"] = suspended;
                    tests.Add(p => p.Membership == "suspended" == suspended);
                    break;
                case 6 when !body.ContainsKey("accountTypes"):
                    var kinds = Several(["atlassian", "app", "customer"]);
                    body["accountTypes"] = Array(kinds);
                    tests.Add(_ => kinds.Contains("atlassian"));
                    break;
            }
        var expected = _all.Where(p => p.Id is not null && (p.Listed || p.Managed) && tests.All(t => t(p))).Select(p => p.Email)
            .Order(StringComparer.Ordinal);
        var (found, cursor) = (new List<string>(), (string?)null);
        do
        {
            Here.Clock.Pass(TimeSpan.FromMilliseconds(100));
            body["limit"] = 7;
            if (cursor is not null) body["cursor"] = cursor;
            var page = await Program.Expect(HttpStatusCode.OK, "POST", $"{V1}/users/search", body.ToJsonString());
            found.AddRange(page.GetProperty("data").EnumerateArray().Select(u => u.GetProperty("email").GetString()!));
            cursor = page.GetProperty("links").TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (cursor is not null);
        found.Order(StringComparer.Ordinal).ShouldBe(expected, $"question {number}: {body}");

        void Text(string name, Func<Somebody, string> of, string[] whole, string[] parts, Func<string, string, bool> has)
        {
            if (Chance(2))
            {
                var part = Pick(parts);
                body[name] = new JsonObject { ["contains"] = part };
                tests.Add(p => has(of(p), part));
                return;
            }
            var all = Several(whole);
            body[name] = new JsonObject { ["eq"] = Array(all) };
            tests.Add(p => all.Contains(of(p), StringComparer.OrdinalIgnoreCase));
        }

        static JsonArray Array(IEnumerable<string> of) => new([.. of.Select(v => (JsonNode)v)]);

        static string Plain(string text) => text.Replace('Ü', 'u').Replace('ü', 'u');
    }
}
