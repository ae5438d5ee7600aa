namespace DirectoryPlatform.Web.Tags;

/// <summary>A share of a whole: <c>&lt;ring percent="61" label="61% of the accounts have secure login" /&gt;</c>. Drawn by the server, in
/// the colours of the style sheet.</summary>
[HtmlTargetElement("ring", TagStructure = TagStructure.WithoutEndTag)]
public sealed class RingTagHelper : TagHelper
{
    /// <summary>0 to 100.</summary>
    public required int Percent { get; set; }

    /// <summary>The number in its middle; the percentage, unless given.</summary>
    public string? Text { get; set; }

    /// <summary>What it shows, for who hears it.</summary>
    public required string Label { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        Chart.Begin(output, "ring", "0 0 120 120", Label);
        output.Content.AppendHtml(Circle("ring-all"));
        if (Percent > 0)
        {
            var share = Circle("ring-share");
            share.Attributes["pathLength"] = "100";
            share.Attributes["stroke-dasharray"] = $"{Percent} 100";
            share.Attributes["transform"] = "rotate(-90 60 60)";
            output.Content.AppendHtml(share);
        }
        var number = Chart.Shape("text", "ring-number", ("x", 60), ("y", 60));
        number.InnerHtml.Append(Text ?? $"{Percent}%");
        output.Content.AppendHtml(number);
    }

    static TagBuilder Circle(string @class) => Chart.Shape("circle", @class, ("cx", 60), ("cy", 60), ("r", 50));
}

/// <summary>Numbers side by side, each with its words: <c>&lt;columns of="@days" label="…" /&gt;</c>.</summary>
[HtmlTargetElement("columns", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ColumnsTagHelper : TagHelper
{
    const double Height = 100, Step = 10, Gap = 2, Least = 2;

    /// <summary>From the left.</summary>
    public required IReadOnlyList<(long Number, string Words)> Of { get; set; }

    /// <summary>What they show, for who hears it.</summary>
    public required string Label { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        Chart.Begin(output, "columns", $"0 0 {Of.Count * Step} {Height}", Label, stretched: true);
        var most = Of.Max(c => c.Number);
        foreach (var (i, (number, words)) in Of.Index())
        {
            // The whole strip says its words, however low the column.
            var strip = new TagBuilder("g");
            strip.InnerHtml.AppendHtml(Block.Of("title", "", words))
                .AppendHtml(Chart.Shape("rect", "column-strip", ("x", i * Step), ("y", 0), ("width", Step), ("height", Height)));
            if (number > 0)
            {
                var height = Math.Max(Least, Height * number / most);
                strip.InnerHtml.AppendHtml(Chart.Shape("rect", "column", ("x", i * Step + Gap / 2), ("y", Height - height),
                    ("width", Step - Gap), ("height", height)));
            }
            output.Content.AppendHtml(strip);
        }
    }
}

/// <summary>A sum that grows, by days: <c>&lt;curve of="@points" label="…" /&gt;</c>. It begins with nothing, on the day before the
/// first.</summary>
[HtmlTargetElement("curve", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CurveTagHelper : TagHelper
{
    const double Width = 1000, Height = 100, Headroom = 1.05;

    /// <summary>By day; at least one.</summary>
    public required IReadOnlyList<(DateOnly Day, long Total)> Of { get; set; }

    /// <summary>The day at its right end.</summary>
    public required DateOnly Until { get; set; }

    /// <summary>What it shows, for who hears it.</summary>
    public required string Label { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        Chart.Begin(output, "curve", $"0 0 {Width} {Height}", Label, stretched: true);
        var (from, most) = (Of[0].Day.DayNumber - 1, Of.Max(p => p.Total) * Headroom);
        var days = Math.Max(1, Until.DayNumber - from);
        string X(DateOnly day) => Chart.Number(Width * (day.DayNumber - from) / days);
        string Y(long total) => Chart.Number(Height - Height * total / most);
        // A sum stays what it is until the next day on which something comes.
        var line = string.Concat(Of.Select(p => $"H{X(p.Day)}V{Y(p.Total)}"));
        line = $"M0 {Chart.Number(Height)}{line}H{Chart.Number(Width)}";
        output.Content.AppendHtml(Path("curve-area", $"{line}V{Chart.Number(Height)}Z")).AppendHtml(Path("curve-line", line));
    }

    static TagBuilder Path(string @class, string way)
    {
        var path = Chart.Shape("path", @class);
        path.Attributes["d"] = way;
        path.Attributes["vector-effect"] = "non-scaling-stroke";
        return path;
    }
}

static class Chart
{
    /// <param name="stretched">To the width and height that the style sheet gives it.</param>
    public static void Begin(TagHelperOutput output, string @class, string box, string label, bool stretched = false)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", @class);
        output.Attributes.SetAttribute("viewBox", box);
        output.Attributes.SetAttribute("role", "img");
        output.Attributes.SetAttribute("aria-label", label);
        if (stretched) output.Attributes.SetAttribute("preserveAspectRatio", "none");
    }

    public static TagBuilder Shape(string element, string @class, params (string Name, double Value)[] measures)
    {
        var shape = new TagBuilder(element) { Attributes = { ["class"] = @class } };
        foreach (var (name, value) in measures) shape.Attributes[name] = Number(value);
        return shape;
    }

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
