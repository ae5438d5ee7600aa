namespace DirectoryPlatform.Tests.Support;

/// <summary>What a person sees of an edge, measured on a picture of the page: no style is asked. The page must fit its window.</summary>
static class Pixels
{
    /// <summary>So far around a control the picture goes; nothing else may stand there.</summary>
    const int Around = 6;

    /// <summary>
    /// Walks across the middle of each side, from what the control stands on into it. That is as light as most of the outermost line along
    /// the side, where a letter of the next word may stand. Answers with the weakest side's strongest pixel.
    /// With a picture of now, only pixels count that have changed as much since the remembered one: a ring that has appeared, and no letter
    /// that was there.
    /// </summary>
    const string Weakest = "async (e, [now, around, inside]) => {" + Eye + """

          const then = remembered(frame(e, around));
          const image = now ? await read(now) : then, old = now && then;
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
    const string Along = "(e, around) => {" + Eye + """

          const image = remembered(frame(e, around)), row = around + 4;
          const ground = light(image, image.width - around - 6, row), length = image.width - 2 * around - 8;
          return Math.max(...Array.from({ length }, (_, i) => contrast(light(image, around + 3 + i, row), ground)));
        }
        """;

    /// <summary>Compares the last line of pixels of a strip with its first.</summary>
    const string AtTheEnd = "async (e, now) => {" + Eye + """

          const image = await read(now), row = image.height >> 1;
          return contrast(light(image, image.width - 2, row), light(image, 0, row));
        }
        """;

    /// <summary>Hides what a box holds, and says where the strip at its right end is.</summary>
    const string Strip = """
        e => {
          for (const child of e.children) child.style.visibility = 'hidden';
          const r = e.getBoundingClientRect();
          return [r.right - 48, r.top + Math.min(r.height / 2, 40), 48, 4];
        }
        """;

    /// <summary>Reads a picture, or a part of the remembered one, and how light a place in it is (WCAG 2, relative luminance).</summary>
    const string Eye = """

          const draw = async picture => {
            const bytes = Uint8Array.from(atob(picture), c => c.charCodeAt(0));
            const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
            const canvas = new OffscreenCanvas(image.width, image.height);
            const context = canvas.getContext('2d', { willReadFrequently: true });
            context.drawImage(image, 0, 0);
            return context;
          };
          const part = (context, [x, y, width, height]) => context.getImageData(x, y, width, height);
          const read = async picture => {
            const context = await draw(picture);
            return part(context, [0, 0, context.canvas.width, context.canvas.height]);
          };
          const remembered = at => part(window.remembered, at);
          const frame = (e, around) => {
            const r = e.getBoundingClientRect();
            const [x, y] = [Math.max(0, Math.floor(r.x) - around), Math.max(0, Math.floor(r.y) - around)];
            return [x, y, Math.ceil(r.width) + 2 * around, Math.ceil(r.height) + 2 * around];
          };
          const light = (image, x, y) => {
            const parts = [0, 1, 2].map(i => image.data[4 * (y * image.width + x) + i] / 255)
              .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
            return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2];
          };
          const contrast = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        """;

    /// <summary>Takes one picture of all that the window shows while nothing has the focus: what is measured by it, and what rings are held
    /// against. A picture takes longer than all else here.</summary>
    public static async Task Remember(this IPage page)
    {
        await page.EvaluateAsync("() => document.activeElement?.blur()");
        var picture = Convert.ToBase64String(await page.ScreenshotAsync());
        await page.EvaluateAsync("async now => {" + Eye + "\n window.remembered = await draw(now); }", picture);
    }

    /// <summary>How much the weakest side of its edge stands out from what it stands on, as remembered: 1 for not at all.</summary>
    public static Task<double> Edge(this ILocator control) =>
        control.EvaluateAsync<double>(Weakest, new object?[] { null, Around, Around + 2 });

    /// <summary>How much the ring stands out that the focus draws, from what is remembered without it.</summary>
    public static async Task<double> Ring(this ILocator control)
    {
        await control.FocusAsync();
        var at = await control.EvaluateAsync<float[]>("(e, around) => {" + Eye + "\n return frame(e, around); }", Around);
        var picture = await control.Page.ScreenshotAsync(new() { Clip = new() { X = at[0], Y = at[1], Width = at[2], Height = at[3] } });
        return await control.EvaluateAsync<double>(Weakest, new object[] { Convert.ToBase64String(picture), Around, Around + 4 });
    }

    /// <summary>How much the shadow at its right end stands out from what is further in: 1 where there is none.</summary>
    public static async Task<double> Shadow(this ILocator box)
    {
        var at = await box.EvaluateAsync<float[]>(Strip);
        var picture = await box.Page.ScreenshotAsync(new() { Clip = new() { X = at[0], Y = at[1], Width = at[2], Height = at[3] } });
        return await box.EvaluateAsync<double>(AtTheEnd, Convert.ToBase64String(picture));
    }

    /// <summary>How much a part within it is set off, such as the button of a field for files, as remembered.</summary>
    public static Task<double> Part(this ILocator control) => control.EvaluateAsync<double>(Along, Around);
}
