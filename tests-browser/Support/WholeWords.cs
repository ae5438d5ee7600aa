namespace DirectoryPlatform.Tests.Support;

/// <summary>Whether words stand on one line each. An address is as many words as it has parts after which it may break.</summary>
static class WholeWords
{
    /// <summary>A fingerprint in hex has no parts.</summary>
    const string Torn = """
        within => {
          const found = [];
          const texts = document.createTreeWalker(document.querySelector(within), NodeFilter.SHOW_TEXT);
          for (let text = texts.nextNode(); text; text = texts.nextNode()) {
            if (!text.parentElement.checkVisibility()) continue;
            for (const word of text.data.matchAll(/[^\s-]+/g)) {
              const range = document.createRange();
              range.setStart(text, word.index);
              range.setEnd(text, word.index + word[0].length);
              const lines = [...range.getClientRects()].filter(r => r.width > 0).map(r => Math.round(r.top));
              if (Math.max(...lines) - Math.min(...lines) > 4 && !/^[0-9a-f]{64}$/i.test(word[0])) found.push(word[0]);
            }
          }
          return found;
        }
        """;

    /// <summary>Words that stand on two lines.</summary>
    /// <param name="within">A selector of the part that is looked at.</param>
    public static Task<string[]> Broken(this IPage page, string within) => page.EvaluateAsync<string[]>(Torn, within);
}
