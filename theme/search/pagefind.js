// The search engine of one language, as Pagefind's components expect it beside them: this file is published as
// pagefind/<language>/pagefind.js. It joins the parts of the indexes, lets a reader choose several values of a
// facet, sorts, and puts what holds the very words that were typed before what holds only some of them: Pagefind
// alone cuts Chinese differently in page and query.
import * as pagefind from "./general/pagefind.js";

const folder = new URL("./", import.meta.url).pathname;
const site = new URL("../../", import.meta.url).pathname;

// Declarations before the pages about them.
const WEIGHT_OF_GENERAL_PAGES = 0.05;

// A search without words loads every word of every part. As long as there are few parts, the search page begins
// with all pages; then it begins with the facets alone.
const FEW_PARTS = 10;

// Name of an order → how two results compare, each as [year, sum in yuan or null]. Without an order, by relevance.
const ORDERS = {
  "money-desc": (a, b) => blankLast(a[1], b[1]) || b[1] - a[1],
  "money-asc": (a, b) => blankLast(a[1], b[1]) || a[1] - b[1],
  "year-desc": (a, b) => b[0] - a[0],
};

// What a search page asks beyond words and facets; it is set before a search.
export const view = { order: "" };

let listed = null;

// Gives the names of the indexes, and the facets in the order in which readers see them: key, name, and for a
// closed list its values in Chinese and in the language of the page.
export function listing() {
  listed ??= fetch(`${folder}indexes.json`).then((response) => response.json());
  return listed;
}

export function createInstance(options) {
  const settings = { ...options, baseUrl: site };
  const engine = pagefind.createInstance({
    ...settings,
    basePath: `${folder}general/`,
    indexWeight: WEIGHT_OF_GENERAL_PAGES,
  });
  const ready = join(engine, settings);

  return {
    async search(term, query = {}) {
      const { facets, indexes } = await ready;
      const words = term ? term.trim().replaceAll('"', "") : "";
      const filters = anyOf(query.filters ?? {});
      if (words === "" && Object.keys(filters).length === 0 && indexes.length > FEW_PARTS) {
        return nothing(await engine.filters(), facets);
      }
      const related = await relatedTo(engine, term, { ...query, filters });
      const counts = await countedAlone(engine, term, filters, related);
      // An exact search says only whether the words are there; how well a page fits, the looser one says.
      const exact = words === "" ? related : await engine.search(`"${words}"`, { ...query, filters });
      // Without words all pages fit alike.
      const order = ORDERS[view.order || (words === "" ? "year-desc" : "")];
      const compare = order && (await byFacts(order, indexes));
      return {
        ...related,
        results: standing(related.results, exact.results, words, compare),
        filters: sorted(counts, facets),
        totalFilters: sorted(related.totalFilters ?? {}, facets),
      };
    },
    async filters() {
      const { facets } = await ready;
      return sorted(await engine.filters(), facets);
    },
    async preload(term, query) {
      await ready;
      return engine.preload(term, query);
    },
    options: (changed) => engine.options(changed),
    destroy: () => engine.destroy(),
    mergeIndex: (path, changed) => engine.mergeIndex(path, changed),
  };
}

// Finds the pages that hold all words. Where there are none, words are left out: first one of them, then all but
// one; of what is found then, the fewest pages, because the rarest words say most.
async function relatedTo(engine, term, query) {
  const found = await engine.search(term, query);
  const words = found.results.length > 0 || !term ? [] : wordsOf(term);
  const withoutOne = words.map((_, place) => words.toSpliced(place, 1).join(" "));
  for (const fewer of words.length > 2 ? [withoutOne, words] : words.length > 1 ? [words] : []) {
    const searches = await Promise.all(fewer.map((part) => engine.search(part, query)));
    const fruitful = searches.filter(({ results }) => results.length > 0);
    if (fruitful.length > 0) return fruitful.reduce((a, b) => (b.results.length < a.results.length ? b : a));
  }
  return found;
}

// Cuts what was typed into words; a single 汉字 is on nearly every page and says nothing.
function wordsOf(term) {
  const segmenter = new Intl.Segmenter(document.documentElement.lang, { granularity: "word" });
  const words = [...segmenter.segment(term)].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
  return [...new Set(words)].filter((word) => word.length > 1);
}

// Joins all parts at once; gives the listing.
async function join(engine, settings) {
  const known = await listing();
  const merge = (name, indexWeight) =>
    engine.mergeIndex(`${folder}${name}/`, { baseUrl: settings.baseUrl, indexWeight });
  await Promise.all([
    ...known.indexes.map((name) => merge(name, 1)),
    ...known.general.map((name) => merge(name, WEIGHT_OF_GENERAL_PAGES)),
  ]);
  return known;
}

// A facet of which several values are chosen is met by any of them; all chosen facets must be met.
function anyOf(chosen) {
  const met = Object.entries(chosen).filter(([, values]) => values.length > 0);
  return Object.fromEntries(met.map(([facet, values]) => [facet, { any: values }]));
}

// Counts the values of a chosen facet as if none of its values were chosen: so many more each of them would bring.
async function countedAlone(engine, term, filters, related) {
  const counts = { ...related.filters };
  const ask = async (facet) => {
    const { [facet]: _, ...others } = filters;
    const found = await relatedTo(engine, term, { filters: others });
    counts[facet] = found.filters[facet] ?? {};
  };
  await Promise.all(Object.keys(filters).map(ask));
  return counts;
}

// Puts the results that hold the words as typed first and tells each where it stands.
function standing(related, exact, words, compare) {
  const holders = new Set(exact.map((result) => result.id));
  const known = new Set(related.map((result) => result.id));
  const ordered = (results) => (compare ? [...results].sort(compare) : results);
  const first = ordered([
    ...related.filter((result) => holders.has(result.id)),
    ...exact.filter((result) => !known.has(result.id)),
  ]);
  const after = ordered(related.filter((result) => !holders.has(result.id)));
  const told = (result, place) => ({
    ...result,
    data: async () => ({ ...(await result.data()), words, exactBefore: place === first.length ? first.length : null }),
  });
  return [...first, ...after].map(told);
}

const factsOfIndex = new Map();

// Loads by what results are sorted; pages that are no declarations come last.
async function byFacts(compare, indexes) {
  const load = async (name) => {
    const response = await fetch(`${folder}${name}/sorting.json`);
    return Object.entries(await response.json());
  };
  for (const name of indexes) if (!factsOfIndex.has(name)) factsOfIndex.set(name, load(name));
  const facts = new Map((await Promise.all(factsOfIndex.values())).flat());
  return (a, b) => {
    const [first, second] = [facts.get(a.id), facts.get(b.id)];
    if (first && second) return compare(first, second);
    return Number(!first) - Number(!second);
  };
}

function blankLast(a, b) {
  return Number(a === null) - Number(b === null);
}

// Facets in their order; closed lists in the order of the form, years as numbers, all else by its name.
function sorted(filters, facets) {
  const known = facets.filter(({ name }) => name in filters);
  return Object.fromEntries(known.map(({ name, values }) => [name, sortedValues(filters[name], values)]));
}

function sortedValues(counts, closed) {
  const ranks = new Map(closed.map(([, said], rank) => [said, rank]));
  const names = Object.keys(counts);
  const collator = new Intl.Collator(document.documentElement.lang);
  const rank = (name) => ranks.get(name) ?? ranks.size;
  names.sort((a, b) => rank(a) - rank(b) || collator.compare(a, b));
  return Object.fromEntries(names.map((name) => [name, counts[name]]));
}

function nothing(counted, facets) {
  const filters = sorted(counted, facets);
  return { results: [], unfilteredResultCount: 0, filters, totalFilters: filters };
}
