namespace DirectoryPlatform.Tests.Support;

/// <summary>What a person sees of an edge, measured on a picture of the page: no style is asked.</summary>
static class Pixels
{
    /// <summary>So far around a control the picture goes; nothing else may stand there.</summary>
    const int Around = 6;

    /// <summary>
    /// Walks across the middle of each side, from what the control stands on into it. That is as light as most of the outermost line along
    /// the side, where a letter of the next word may stand. Answers with the weakest side's strongest pixel.
    /// With a picture from before, only pixels count that have changed as much: a ring that has appeared, and no letter that was there.
    /// </summary>
    const string Weakest = "async ([now, before, inside]) => {" + Eye + """

          const image = await read(now), old = before && await read(before);
          const [width, height] = [image.width, image.height];
          const sides = [
            [(i, along) => [along, i], width], [(i, along) => [along, height - 1 - i], width],
            [(i, along) => [i, along], height], [(i, along) => [width - 1 - i, along], height],
          ];
          return Math.min(...sides.map(([place, length]) => {
            const line = Array.from({ length }, (_, along) => light(image, ...place(0, along))).sort((a, b) => a - b);
            const [ground, at] = [line[length >> 1], i => place(i, length >> 1)];
            return Math.max(...Array.from({ length: inside }, (_, i) => {
              const here = light(image, ...at(i + 1));
              const stands = contrast(here, ground);
              return old ? Math.min(stands, contrast(here, light(old, ...at(i + 1)))) : stands;
            }));
          }));
        }
        """;

    /// <summary>Walks along the upper edge, inside it, where no letters are, and answers with the pixel that stands out most.</summary>
    const string Along = "async ([now, around]) => {" + Eye + """

          const image = await read(now), row = around + 4;
          const ground = light(image, image.width - around - 6, row), length = image.width - 2 * around - 8;
          return Math.max(...Array.from({ length }, (_, i) => contrast(light(image, around + 3 + i, row), ground)));
        }
        """;

    /// <summary>Reads a picture, and how light a place in it is (WCAG 2, relative luminance).</summary>
    const string Eye = """

          const read = async picture => {
            const bytes = Uint8Array.from(atob(picture), c => c.charCodeAt(0));
            const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
            const canvas = new OffscreenCanvas(image.width, image.height);
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            return context.getImageData(0, 0, image.width, image.height);
          };
          const light = (image, x, y) => {
            const parts = [0, 1, 2].map(i => image.data[4 * (y * image.width + x) + i] / 255)
              .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
            return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2];
          };
          const contrast = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        """;

    /// <summary>How much the weakest side of its edge stands out from what it stands on: 1 for not at all.</summary>
    public static async Task<double> Edge(this IPage page, ILocator control) =>
        await page.EvaluateAsync<double>(Weakest, new object?[] { await page.Picture(control), null, Around + 2 });

    /// <summary>How much the ring stands out that the focus draws, from what is there without it.</summary>
    public static async Task<double> Ring(this IPage page, ILocator control)
    {
        await page.EvaluateAsync("() => document.activeElement?.blur()");
        var before = await page.Picture(control);
        await control.FocusAsync();
        return await page.EvaluateAsync<double>(Weakest, new object?[] { await page.Picture(control), before, Around + 4 });
    }

    /// <summary>How much a part within it is set off, such as the button of a field for files.</summary>
    public static async Task<double> Part(this IPage page, ILocator control) =>
        await page.EvaluateAsync<double>(Along, new object[] { await page.Picture(control), Around });

    static async Task<string> Picture(this IPage page, ILocator control)
    {
        var at = await control.EvaluateAsync<float[]>(
            "e => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; }");
        var picture = await page.ScreenshotAsync(new()
        {
            Clip = new()
            {
                X = MathF.Max(0, MathF.Floor(at[0]) - Around),
                Y = MathF.Max(0, MathF.Floor(at[1]) - Around),
                Width = MathF.Ceiling(at[2]) + (2 * Around),
                Height = MathF.Ceiling(at[3]) + (2 * Around),
            },
        });
        return Convert.ToBase64String(picture);
    }
}
