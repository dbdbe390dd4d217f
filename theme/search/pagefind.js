// The search engine of one language, as Pagefind's components expect it beside them: this file is published as
// pagefind/<language>/pagefind.js. It joins the parts of the indexes; words.js finds pages by words, facts.js
// narrows, counts and sorts them. What holds the very words that were typed comes before what holds them apart.
import * as pagefind from "./general/pagefind.js";
import { comparison, inOrder, loadFacts, narrow } from "./facts.js";
import { pagesFor, unspaced } from "./words.js";

const folder = new URL("./", import.meta.url).pathname;
const site = new URL("../../", import.meta.url).pathname;

// Declarations before the pages about them.
const WEIGHT_OF_GENERAL_PAGES = 0.0001;

// Words of an excerpt; a 汉字 is one.
const EXCERPT = document.documentElement.lang.startsWith("zh") ? 36 : 18;

// What a search page asks beyond words; it is set before a search. Facets cost a file of every index.
export const view = { order: "", faceted: false };

let listed = null;

// Gives the names of the indexes, and the facets in the order in which readers see them: key, name, and for a
// closed list its values in Chinese and in the language of the page.
export function listing() {
  listed ??= fetch(`${folder}indexes.json`).then((response) => response.json());
  return listed;
}

let facts = null;

async function allFacts() {
  const { facets, indexes } = await listing();
  facts ??= loadFacts(folder, indexes, facets);
  return facts;
}

export function createInstance(options) {
  const settings = { ...options, excerptLength: EXCERPT, baseUrl: site };
  const engine = pagefind.createInstance({
    ...settings,
    basePath: `${folder}general/`,
    indexWeight: WEIGHT_OF_GENERAL_PAGES,
  });
  const ready = join(engine, settings);

  return {
    search: async (term, query = {}) => {
      await ready;
      const words = term ? term.trim().replaceAll('"', "") : "";
      return words === "" ? everything(query.filters ?? {}) : found(engine, words, query.filters ?? {});
    },
    filters: async () => totalCounts(),
    preload: async () => {},
    options: (changed) => engine.options(changed),
    destroy: () => engine.destroy(),
    mergeIndex: (path, changed) => engine.mergeIndex(path, changed),
  };
}

// Joins all parts at once.
async function join(engine, settings) {
  const { indexes, general } = await listing();
  const merge = (name, indexWeight) =>
    engine.mergeIndex(`${folder}${name}/`, { baseUrl: settings.baseUrl, indexWeight });
  await Promise.all([
    ...indexes.map((name) => merge(name, 1)),
    ...general.map((name) => merge(name, WEIGHT_OF_GENERAL_PAGES)),
  ]);
}

// Answers a search for nothing: all declarations, without the index of words.
async function everything(filters) {
  const known = await allFacts();
  const { kept, counts } = narrow(known.keys(), known, filters);
  kept.sort(comparison(view.order || "year-desc", known));
  const results = kept.map((id) => ({ id, score: 1, words: [], data: () => pageOf(known.get(id).index, id) }));
  return answer(results, known.size, await counted(counts, known));
}

async function found(engine, words, filters) {
  const pages = await pagesFor(engine, words);
  const isPlain = !view.faceted && !view.order && Object.keys(filters).length === 0;
  const known = isPlain ? new Map() : await allFacts();
  const { kept, counts } = narrow(pages.keys(), known, filters);
  const compare = comparison(view.order, known) ?? ((a, b) => pages.get(b).score - pages.get(a).score);
  kept.sort((a, b) => Number(pages.get(b).isExact) - Number(pages.get(a).isExact) || compare(a, b));
  const exact = kept.filter((id) => pages.get(id).isExact).length;
  const results = kept.map((id, place) => told(pages.get(id).result, words, place === exact ? exact : null));
  return answer(results, pages.size, isPlain ? { filters: {}, totalFilters: {} } : await counted(counts, known));
}

function answer(results, unfilteredResultCount, counts) {
  return { results, unfilteredResultCount, ...counts, timings: {} };
}

// A result with the words by which it was found; the first that lacks the very words tells how many have them.
function told(result, words, exactBefore) {
  const data = async () => {
    const page = await result.data();
    return { ...page, excerpt: unspaced(page.excerpt), meta: titled(page.meta), words, exactBefore };
  };
  return { ...result, data };
}

const titled = (meta) => ({ ...meta, title: unspaced(meta.title ?? "") });

let totals = null;

async function totalCounts() {
  const known = await allFacts();
  return (await counted(narrow(known.keys(), known, {}).counts, known)).filters;
}

// Pagefind's filter pane shows the count of a chosen value from the totals, all others from the filters.
async function counted(counts, known) {
  const { facets } = await listing();
  totals ??= narrow(known.keys(), known, {}).counts;
  const filters = inOrder(counts, totals, facets);
  return { filters, totalFilters: filters };
}

// Loads what is shown of a page: JSON behind twelve bytes that mark a file of Pagefind, mostly compressed.
async function pageOf(index, id) {
  const file = await (await fetch(`${folder}${index}/fragment/${id}.pf_fragment`)).blob();
  const [first] = new Uint8Array(await file.slice(0, 1).arrayBuffer());
  const isPacked = first === 0x1f;
  const stream = isPacked ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.stream();
  const text = await new Response(stream).text();
  const { url, meta } = JSON.parse(text.slice("pagefind_dcd".length));
  return { url: site + url.replace(/^\//, ""), meta: titled(meta), excerpt: "", sub_results: [] };
}
