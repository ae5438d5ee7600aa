using DirectoryPlatform.Web;
using DirectoryPlatform.Web.Pages;
using DirectoryPlatform.Web.Shared;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DirectoryPlatform.Tests.Architecture;

/// <summary>What a page does can be read in its own file and in at most two more:
/// whatever else pages share is composed, not inherited.</summary>
public sealed class PagesAreShallow
{
    const int Most = 2;

    static List<Type> BasesOf(Type page)
    {
        var bases = new List<Type>();
        for (var type = page.BaseType; type is not null && type != typeof(PageModel); type = type.BaseType) bases.Add(type);
        return bases;
    }

    static IEnumerable<string> TooDeep(IEnumerable<Type> pages) =>
        pages.Where(p => BasesOf(p).Count > Most).Select(p => $"{p.FullName}: {string.Join(", ", BasesOf(p).Select(b => b.Name))}");

    [Fact]
    public void A_page_derives_from_at_most_two_classes_of_ours()
    {
        var pages = typeof(WebSettings).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(PageModel)) && !t.IsAbstract).ToList();
        pages.Count.ShouldBeGreaterThan(60);
        TooDeep(pages).ShouldBeEmpty();
    }

    [Fact]
    public void One_with_a_third_is_found() =>
        TooDeep([typeof(ThirdLevel), typeof(SecondLevel)]).ShouldHaveSingleItem().ShouldContain(nameof(ThirdLevel));

    abstract class SecondLevel() : OrganizationPage(null!);
    sealed class ThirdLevel() : Further;
    abstract class Further() : SecondLevel;

    /// <summary>A table of addresses with a hole in it would leave a page without any.</summary>
    [Fact]
    public void Each_address_of_the_table_is_there_once()
    {
        PageAddress.All.Select(a => a.Route).ShouldBeUnique();
        PageAddress.All.Count(a => a.Action is not null).ShouldBeGreaterThan(25);
    }
}
