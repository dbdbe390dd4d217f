// Finds pages by words. In the index every 汉字 is a word of its own (generator/jixiao/site/search_text.py), so a word
// of several is asked for as a phrase: a page is found whatever words a dictionary sees in its sentences.

const RANGES = "\\u3005\\u3007\\u3400-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{323af}";
const HAN = new RegExp(`[${RANGES}]`, "gu");

// A blank that only the index has: behind a 汉字 and the marks that follow it, or before one. The private
// characters stand for the tags of an excerpt; a blank of the page itself and the end of a cell have their marks.
const MARKS = `(?:&[a-z]+;|[^\\sA-Za-z0-9${RANGES}])*`;
const BLANK_OF_INDEX = new RegExp(`(?<=[${RANGES}]${MARKS}) | (?=[\\ue000\\ue001]*[${RANGES}])`, "gu");

// What a word of the index can be: a 汉字, or letters and digits with the marks inside them.
const WORD = new RegExp(`[${RANGES}]|[\\p{L}\\p{N}](?:[^\\s${RANGES}]*(?![${RANGES}])[\\p{L}\\p{N}])?`, "gu");

// More pieces than these say nothing more about which page is meant; what was typed is looked for as a whole, too.
const MOST_PIECES = 24;

// Characters of a question. Whoever follows a link with a hundred thousand signs in it must not wait for them.
const LONGEST_QUESTION = 500;

// Writes a text with its 汉字 apart, and without the marks between words.
const spelled = (text) => text.replace(HAN, " $& ").replace(/[\s\p{P}\p{S}]+(?=\s|$)|(?<=^|\s)[\s\p{P}\p{S}]+/gu, " ").trim();

const phrase = (text) => `"${spelled(text)}"`;

// Gives a text of the index as the page has it; excerpts may hold <mark>.
export function unspaced(text) {
  return text
    .replaceAll("<mark>", "\ue000")
    .replaceAll("</mark>", "\ue001")
    .replace(BLANK_OF_INDEX, "")
    .replaceAll(/(?:\u2800 ?|\u2801\.? ?)+/g, " ")
    .replaceAll("\ue001\ue000", "")
    .replaceAll("\ue000", "<mark>")
    .replaceAll("\ue001", "</mark>")
    .trim();
}

// Cuts what was typed into pieces: two neighbouring words of the index each, because a single 汉字 is on nearly
// every page. Letters and digits that stand alone are a piece.
function piecesOf(term) {
  const words = [...term.matchAll(WORD)].map(({ 0: word, index }) => ({ word, start: index, end: index + word.length }));
  const pairs = words.slice(1).map((word, place) => [words[place], word]).filter(([a, b]) => a.end === b.start);
  const paired = new Set(pairs.flat());
  const alone = words.filter((word) => !paired.has(word));
  const pieces = [...pairs.map(([a, b]) => a.word + b.word), ...alone.map(({ word }) => word)];
  return [...new Set(pieces)].slice(0, MOST_PIECES);
}

// Gives the pages that hold all pieces; where there are none, those that hold the most and the rarest of them.
function fullest(searches) {
  const all = new Set(searches.flatMap((results) => results.map(({ id }) => id)));
  const fullness = new Map();
  for (const results of searches) {
    const rarity = Math.log(1 + all.size / results.length);
    for (const { id } of results) fullness.set(id, (fullness.get(id) ?? 0) + rarity);
  }
  const most = Math.max(...fullness.values()) - Number.EPSILON * 100;
  return [...fullness.keys()].filter((id) => fullness.get(id) >= most);
}

const resultsOf = async (engine, query) => (await engine.search(query)).results;

// Letters and digits count as the beginning of a word only where no page has them as a whole word.
async function pagesWith(engine, piece) {
  const whole = await resultsOf(engine, phrase(piece));
  return whole.length > 0 || piece.match(HAN) ? whole : resultsOf(engine, piece);
}

// Finds the pages for what was typed: id → its result, how well it fits, and whether it holds the very words.
// Of the others those are kept that hold the most and the rarest pieces; where no page holds any, all that hold
// the single 汉字.
export async function pagesFor(engine, typed) {
  const term = typed.slice(0, LONGEST_QUESTION).normalize("NFC");
  const [exact, fitting, ...searches] = await Promise.all([
    resultsOf(engine, phrase(term)),
    resultsOf(engine, spelled(term)),
    ...piecesOf(term).map((piece) => pagesWith(engine, piece)),
  ]);
  const scores = new Map(fitting.map(({ id, score }) => [id, score]));
  const kept = new Set([...exact.map(({ id }) => id), ...fullest(searches)]);
  const pages = new Map();
  // The excerpt shows the place of the search that found the page: the rarest pieces say most.
  for (const results of [exact, ...searches.toSorted((a, b) => a.length - b.length), fitting]) {
    for (const result of results) {
      if (pages.has(result.id) || (kept.size > 0 && !kept.has(result.id))) continue;
      const score = scores.get(result.id) ?? result.score;
      pages.set(result.id, { result, score, isExact: results === exact });
    }
  }
  return pages;
}
