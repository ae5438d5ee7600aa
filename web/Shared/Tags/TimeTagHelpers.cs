using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace DirectoryPlatform.Web.Tags;

/// <summary>A moment, in UTC: <c>&lt;moment at="@job.AskedAt" /&gt;</c>. Nothing for null.</summary>
[HtmlTargetElement("moment", TagStructure = TagStructure.WithoutEndTag)]
public sealed class MomentTagHelper : TagHelper
{
    public DateTimeOffset? At { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (At is not { } at)
        {
            output.SuppressOutput();
            return;
        }
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        output.Content.SetContent(at.UtcDateTime.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture));
    }
}

/// <summary>Only the day, in UTC, where the hour would be more than is asked for or known: <c>&lt;day at="@row.AddedAt" /&gt;</c>. Nothing for null.</summary>
[HtmlTargetElement("day", TagStructure = TagStructure.WithoutEndTag)]
public sealed class DayTagHelper : TagHelper
{
    public DateTimeOffset? At { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (At is not { } at)
        {
            output.SuppressOutput();
            return;
        }
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        output.Content.SetContent(at.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture));
    }
}
