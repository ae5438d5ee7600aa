namespace DirectoryPlatform.Tests.Support;

/// <summary>Whether what a page draws beyond a box, the ring around what has the focus or a menu, is seen as a whole: a box with an
/// overflow of its own hides it.</summary>
static class Rings
{
    /// <summary>The places within which something is shown: of the window, and of each box that cuts it. A box that it is placed out of,
    /// because its place is told by one further out, does not.</summary>
    const string Edges = """
        const edgesOf = e => {
          const found = [[0, -1e6, innerWidth, 1e6]];
          for (let { position } = getComputedStyle(e); (e = e.parentElement) && position !== 'fixed' && e !== document.body;) {
            const style = getComputedStyle(e);
            if (position === 'absolute' && style.position === 'static') continue;
            position = style.position;
            if (style.overflowX !== 'visible' || style.overflowY !== 'visible') {
              const at = e.getBoundingClientRect();
              const [x, y] = [at.left + e.clientLeft, at.top + e.clientTop];
              found.push([x, y, x + e.clientWidth, y + e.clientHeight]);
            }
            if (e.localName === 'dialog') break;
          }
          return found;
        };
        const isCut = (e, reach) => edgesOf(e).some(([left, top, right, bottom]) => [...e.getClientRects()].some(r =>
          r.left - reach < left || r.top - reach < top || r.right + reach > right || r.bottom + reach > bottom));
        const told = e => e.outerHTML.replace(/\s+/g, ' ').slice(0, 120);
        """;

    /// <summary>Gives the focus to each that can have it. Half a pixel is nobody's fault.</summary>
    const string Cut = "within => {" + Edges + """

          const top = (within && document.querySelector(within)) ?? [...document.querySelectorAll('dialog[open]')].at(-1);
          const cut = [];
          for (const e of document.querySelectorAll('a[href], button, summary, input, select, textarea, [tabindex="0"]')) {
            if (top && !top.contains(e) || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
            e.focus();
            const style = getComputedStyle(e);
            if (document.activeElement !== e || style.outlineStyle === 'none') continue;
            const reach = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset) - .6;
            if (isCut(e, reach)) cut.push(`the ring around ${told(e)} is cut`);
          }
          document.activeElement.blur();
          for (const menu of document.querySelectorAll('details[open] > .dropdown-menu'))
            if (menu.checkVisibility() && isCut(menu, -.6)) cut.push(`the menu ${told(menu)} is cut`);
          return cut;
        }
        """;

    /// <summary>What has a ring that is cut off at a side, of the page or of the uppermost dialog, and open menus that are.</summary>
    /// <param name="within">A selector of the part that is looked at.</param>
    public static async Task<string[]> CutOff(this IPage page, string? within = null)
    {
        await page.Keyboard.PressAsync("Shift"); // from now on the focus is shown
        return await page.EvaluateAsync<string[]>(Cut, within);
    }
}
