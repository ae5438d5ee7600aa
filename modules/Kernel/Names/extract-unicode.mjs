// Writes unicode.txt, which is committed: keys that one machine wrote are compared with those that another one computes, for as long
// as an installation lives, so that no build may bring another Unicode than the one before. What is taken over from a new version is
// a decision: change PINNED, run `node modules/Kernel/Names/extract-unicode.mjs`, and raise SearchKey.Version.
//   C 00C0=0041+0300   NFC joins the two
//   D 212B=0041+030A   other canonical decompositions, in full
//   R 0300-0314=12     places of combining marks in canonical order: classes, renumbered
//   K FF21=0061        width, ligatures and letter case folded (NFKC, upper, lower, until nothing changes), of what NFC leaves alone
//   M 0300-036F        marks that a search does not mind
//   X 0142=006C        letters and signs that no decomposition makes plain, as they are typed on a plain keyboard
//   I 200B-200F        what nobody sees, and marks that only say which way text runs
//   W 2000-200A        white space
import { writeFileSync } from 'node:fs';

const PINNED = '17.0';
if (process.versions.unicode !== PINNED) throw new Error(`This Node has Unicode ${process.versions.unicode}; wanted: ${PINNED}.`);

const all = [];
for (let n = 0; n <= 0x10FFFF; n++) if (n < 0xD800 || n > 0xDFFF) all.push(String.fromCodePoint(n));
const hex = c => c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
const sequence = s => [...s].map(hex).join('+');
const lines = [`# Unicode ${PINNED}. Written by extract-unicode.mjs.`];
const write = (tag, items) => {
  let line = tag;
  for (const item of items) {
    if (line.length + item.length > 130) { lines.push(line); line = tag; }
    line += ` ${item}`;
  }
  lines.push(line);
};
const ranges = (tag, chars, of = () => '') => {
  const found = [];
  for (const c of chars) {
    const [n, value, last] = [c.codePointAt(0), of(c), found.at(-1)];
    if (last && last.end === n - 1 && last.value === value) last.end = n; else found.push({ start: n, end: n, value });
  }
  write(tag, found.map(r => hex(String.fromCodePoint(r.start)) + (r.end > r.start ? `-${hex(String.fromCodePoint(r.end))}` : '') +
    (r.value === '' ? '' : `=${r.value}`)));
};

// Hangul syllables are arithmetic.
const decomposed = all.filter(c => c.normalize('NFD') !== c && !(c >= '\uAC00' && c <= '\uD7A3'));
const pair = c => {
  const parts = [...c.normalize('NFD')], second = parts.pop(), first = parts.join('').normalize('NFC');
  return c.normalize('NFC') === c && parts.length > 0 && [...first].length === 1 ? `${hex(first)}+${hex(second)}` : null;
};
write('C', decomposed.filter(pair).map(c => `${hex(c)}=${pair(c)}`));
write('D', decomposed.filter(c => !pair(c)).map(c => `${hex(c)}=${sequence(c.normalize('NFD'))}`));

const marks = all.filter(c => /\p{M}/u.test(c) && c.normalize('NFD') === c);
const swaps = (a, b) => a !== b && (a + b).normalize('NFD') === b + a;
const ranked = new Map();
for (const a of marks) {
  const below = marks.filter(b => swaps(a, b)).length;
  if (below || marks.some(b => swaps(b, a))) ranked.set(a, below + 1);
}
ranges('R', [...ranked.keys()], a => ranked.get(a));

const nfkc = s => s.normalize('NFKC');
const step = s => nfkc([...nfkc(s)].map(c => c.toUpperCase().toLowerCase()).join(''));
const plain = s => { for (let next = step(s); ; s = next, next = step(s)) if (next === s) return s; };
// A sign that is typed for an apostrophe, not a blank with a mark on it.
const typed = new Map([['\u00B4', '\'']]);
const kept = c => c.normalize('NFC') === c && !(c >= '\uAC00' && c <= '\uD7A3');
const folded = all.filter(c => kept(c) && (typed.get(c) ?? plain(c)) !== c);
write('K', folded.map(c => `${hex(c)}=${sequence(typed.get(c) ?? plain(c))}`));

// Accents, Hebrew points, Arabic vowels; not the vowel signs of Indic scripts and not the marks that make another kana.
ranges('M', all.filter(c => /[\p{Mn}\p{Me}]/u.test(c) && !/[\u3099\u309A]/u.test(c) &&
  /[\p{Script=Inherited}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}]/u.test(c)));

// Letters that Unicode calls "Latin small letter d with stroke" and so on, and what CLDR's Latin-ASCII makes of the others.
const latin = {
  a: 'ᶏⱥ', ae: 'æ', av: 'ꜻ', b: 'ƀƃɓᵬᶀꞗ', c: 'ƈȼɕꞓꞔ', d: 'ðđƌȡɖɗᵭᶁᶑ', e: 'əɇᶒⱸꬴ',
  f: 'ƒᵮᶂꞙ', g: 'ǥɠᶃꞡ', h: 'ħɦⱨꞕ', i: 'ɨᶖ', j: 'ȷɉʝ', k: 'ĸƙᶄⱪꝁꝃꝅꞣ',
  l: 'łƚȴɫɬɭᶅⱡꝉꞎꬷꬸꬹ', m: 'ɱᵯᶆꬺ', n: 'ŋƞȵɲɳᵰᶇꞑꞥꬻ', o: 'øɔⱺꝋꝍ', oe: 'œ',
  p: 'ƥᵱᵽᶈꝑꝓꝕ', q: 'ɋʠꝗꝙ', r: 'ɍɼɽɾᵲᵳᶉꞧꭉ', s: 'ȿʂᵴᶊꞩꟊ', t: 'ŧƫƭȶʈᵵⱦ', th: 'þᵺ',
  u: 'ʉᶙꞹꭎꭒ', v: 'ʋᶌⱱⱴꝟ', w: 'ⱳ', x: 'ᶍꭖꭗꭘꭙ', y: 'ƴɏỿꭚ', z: 'ƶȥɀʐʑᵶᶎⱬ',
  '\'': '‘’‚‛′ʹʻʼʽˈ', '"': '“”„‟″«»', '-': '‐‒–—―−', '': '\u0640',
};
write('X', Object.entries(latin).flatMap(([to, from]) => [...from].map(c => `${hex(c)}=${sequence(to)}`)));

// Not the Arabic signs that stand before a number and are seen; not what turns the text around it, which is refused.
const seen = /[\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}]/u, turns = /[\u202A-\u202E\u2066-\u2069]/u;
ranges('I', all.filter(c => (/[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/u.test(c)) && !seen.test(c) && !turns.test(c)));
ranges('W', all.filter(c => /\p{White_Space}/u.test(c)));
writeFileSync(new URL('unicode.txt', import.meta.url), lines.join('\n') + '\n');
