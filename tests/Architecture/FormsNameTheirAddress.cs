using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Architecture;

/// <summary>A form with a button that is sent elsewhere says where it is sent itself: in the answer to that button, a form without an
/// address would be sent there, too, and its own button would do nothing.</summary>
public sealed partial class FormsNameTheirAddress
{
    static IEnumerable<string> Nameless(string page) =>
        from form in Form().Matches(page)
        let head = form.Groups["head"].Value
        where form.Groups["body"].Value.Contains("formaction=", StringComparison.Ordinal)
            && !head.Contains("action=", StringComparison.Ordinal) && !head.Contains("asp-page", StringComparison.Ordinal)
        select head;

    [Fact]
    public void Whose_buttons_are_sent_elsewhere()
    {
        var pages = new DirectoryInfo(Path.Combine(Checkout.Root.FullName, "web")).EnumerateFiles("*.cshtml", SearchOption.AllDirectories)
            .Select(f => (f.Name, Text: File.ReadAllText(f.FullName))).ToList();
        pages.Count(p => p.Text.Contains("formaction=", StringComparison.Ordinal)).ShouldBeGreaterThan(1);
        pages.SelectMany(p => Nameless(p.Text).Select(head => $"{p.Name}: {head}")).ShouldBeEmpty();
    }

    [Fact]
    public void One_without_is_found()
    {
        const string Buttons = """><button>Save</button><button formaction="/a?handler=Look">Look</button></form>""";
        Nameless($"""<form method="post"{Buttons}""").ShouldBe(["method=\"post\""]);
        Nameless($"""<form method="post" action="/a"{Buttons}""").ShouldBeEmpty();
        Nameless("""<form method="post"><button>Save</button></form>""").ShouldBeEmpty();
    }

    [GeneratedRegex("<form (?<head>[^>]*)>(?<body>.*?)</form>", RegexOptions.Singleline)]
    private static partial Regex Form();
}
