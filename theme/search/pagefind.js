// The search engine of one language, as Pagefind's components expect it beside them: this file is published as
// pagefind/<language>/pagefind.js. It joins the parts of the indexes, and puts what holds the very words that
// were typed before what holds only some of them: Pagefind alone cuts Chinese differently in page and query.
import * as pagefind from "./general/pagefind.js";

const folder = new URL("./", import.meta.url).pathname;
const site = new URL("../../", import.meta.url).pathname;

// Declarations before the pages about them.
const WEIGHT_OF_GENERAL_PAGES = 0.05;

// A search without words loads every word of every part. As long as there are few parts, the search page begins
// with all pages; then it begins with the facets alone.
const FEW_PARTS = 10;

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
      const { filters: facets, indexes } = await ready;
      const words = term ? term.trim().replaceAll('"', "") : "";
      const chosen = Object.values(query.filters ?? {}).some((values) => values.length > 0);
      if (words === "" && !chosen && indexes.length > FEW_PARTS) return nothing(await engine.filters(), facets);
      const related = inOrder(await engine.search(term, query), facets);
      if (words === "") return related;
      // An exact search says only whether the words are there; how well a page fits, the looser one says.
      const exact = await engine.search(`"${words}"`, query);
      const holders = new Set(exact.results.map((result) => result.id));
      const known = new Set(related.results.map((result) => result.id));
      const results = [
        ...related.results.filter((result) => holders.has(result.id)),
        ...exact.results.filter((result) => !known.has(result.id)),
        ...related.results.filter((result) => !holders.has(result.id)),
      ];
      return { ...related, results };
    },
    async filters() {
      const { filters: facets } = await ready;
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

// Joins all parts at once; gives the listing: names of parts, and facets in the order in which they are shown.
async function join(engine, settings) {
  const response = await fetch(`${folder}indexes.json`);
  const listing = await response.json();
  const merge = (name, indexWeight) =>
    engine.mergeIndex(`${folder}${name}/`, { baseUrl: settings.baseUrl, indexWeight });
  await Promise.all([
    ...listing.indexes.map((name) => merge(name, 1)),
    ...listing.general.map((name) => merge(name, WEIGHT_OF_GENERAL_PAGES)),
  ]);
  return listing;
}

function sorted(filters, facets) {
  const known = facets.filter((name) => name in filters).map((name) => [name, filters[name]]);
  return { ...Object.fromEntries(known), ...filters };
}

function nothing(counted, facets) {
  return inOrder({ results: [], unfilteredResultCount: 0, filters: counted, totalFilters: counted }, facets);
}

function inOrder(found, facets) {
  return {
    ...found,
    filters: sorted(found.filters ?? {}, facets),
    totalFilters: sorted(found.totalFilters ?? {}, facets),
  };
}
