namespace DirectoryPlatform.Web.Tags;

/// <summary>A moment, in the visitor's own zone where a script runs, and otherwise in UTC: <c>&lt;moment at="@job.AskedAt" /&gt;</c>.
/// Nothing for null, or the words of <c>or</c>.</summary>
[HtmlTargetElement("moment", TagStructure = TagStructure.WithoutEndTag)]
public sealed class MomentTagHelper() : TimeTagHelper("yyyy-MM-dd'T'HH:mm:ss'Z'", "d MMM yyyy, HH:mm 'UTC'")
{
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        base.Process(context, output);
        if (At is not null) output.Attributes.SetAttribute("data-when", "local");
    }
}

/// <summary>Only the day, in UTC, where the hour would be more than is asked for or known:
/// <c>&lt;day at="@row.LastActiveAt" or="Never" /&gt;</c>.</summary>
[HtmlTargetElement("day", TagStructure = TagStructure.WithoutEndTag)]
public sealed class DayTagHelper() : TimeTagHelper("yyyy-MM-dd", "d MMM yyyy");

/// <summary>A moment in a row of a list or a log: <c>&lt;when at="@row.At" /&gt;</c>. <c>site.js</c> makes of it how long ago it was, with
/// the time in the visitor's own zone as its title; with <c>seconds</c> that time itself. Without script: UTC, as <c>moment</c>.</summary>
[HtmlTargetElement("when", TagStructure = TagStructure.WithoutEndTag)]
public sealed class WhenTagHelper() : TimeTagHelper("yyyy-MM-dd'T'HH:mm:ss'Z'", "d MMM yyyy, HH:mm 'UTC'")
{
    /// <summary>To the second, where somebody looks closely.</summary>
    public bool Seconds { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        base.Process(context, output);
        if (At is not { } at) return;
        output.Attributes.SetAttribute("data-when", Seconds ? "exact" : "");
        if (Seconds) output.Content.SetContent(at.UtcDateTime.ToString("d MMM yyyy, HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
    }
}

/// <param name="machine">Format of the attribute, for programs.</param>
/// <param name="shown">Format of the text, for people.</param>
public abstract class TimeTagHelper(string machine, string shown) : TagHelper
{
    public DateTimeOffset? At { get; set; }

    /// <summary>What is said for null; nothing without.</summary>
    public string? Or { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagMode = TagMode.StartTagAndEndTag;
        if (At is not { } at)
        {
            output.TagName = Or is null ? null : "span";
            output.Attributes.SetAttribute("class", "text-secondary");
            output.Content.SetContent(Or);
            return;
        }
        output.TagName = "time";
        output.Attributes.SetAttribute("datetime", at.UtcDateTime.ToString(machine, CultureInfo.InvariantCulture));
        output.Content.SetContent(at.UtcDateTime.ToString(shown, CultureInfo.InvariantCulture));
    }
}
