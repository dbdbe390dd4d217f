// What is known of every declaration beside its words: the values of its facets and its sum in yuan. By these
// results are narrowed, counted and sorted. Within a facet any of the chosen values will do.

// Name of an order → how two declarations compare. Without a name, by relevance.
const ORDERS = {
  "money-desc": (a, b) => blankLast(a.yuan, b.yuan) || b.yuan - a.yuan,
  "money-asc": (a, b) => blankLast(a.yuan, b.yuan) || a.yuan - b.yuan,
  "year-desc": (a, b) => b.year - a.year || ORDERS["money-desc"](a, b),
};

function blankLast(a, b) {
  return Number(a === null) - Number(b === null);
}

// Loads the facts of these indexes: id of a result → its index, year, sum and values by the name of the facet.
export async function loadFacts(folder, indexes, facets) {
  const load = async (index) => {
    const { values, pages } = await (await fetch(`${folder}${index}/facts.json`)).json();
    return Object.entries(pages).map(([id, [yuan, numbers]]) => {
      const named = facets.map(({ key, name }, place) => [name, numbers[place].map((number) => values[key][number])]);
      const byName = Object.fromEntries(named);
      const year = Number(byName[facets.find(({ key }) => key === "year").name][0]);
      return [id, { index, year, yuan: yuan === null ? null : Number(yuan), values: byName }];
    });
  };
  return new Map((await Promise.all(indexes.map(load))).flat());
}

// Tells which of the chosen facets a page does not meet; a page that is no declaration meets none.
function missed(fact, chosen) {
  const isMet = ([name, values]) => fact?.values[name]?.some((value) => values.includes(value));
  return chosen.filter((facet) => !isMet(facet)).map(([name]) => name);
}

// Keeps the pages that meet all chosen facets, and counts the values of all: those of a chosen facet as if none
// of its values were chosen, because so many more each of them would bring.
export function narrow(ids, facts, filters) {
  const chosen = Object.entries(filters).filter(([, values]) => values.length > 0);
  const kept = [];
  const counts = {};
  for (const id of ids) {
    const fact = facts.get(id);
    const lacking = missed(fact, chosen);
    if (lacking.length === 0) kept.push(id);
    for (const [name, values] of Object.entries(fact?.values ?? {})) {
      if (lacking.some((other) => other !== name)) continue;
      counts[name] ??= Object.create(null);
      for (const value of values) counts[name][value] = (counts[name][value] ?? 0) + 1;
    }
  }
  return { kept, counts };
}

// Compares two pages by an order; pages that are no declarations come last.
export function comparison(order, facts) {
  const compare = ORDERS[order];
  if (!compare) return null;
  return (first, second) => {
    const [a, b] = [facts.get(first), facts.get(second)];
    return a && b ? compare(a, b) : Number(!a) - Number(!b);
  };
}

// Lists all values of all facets with their counts, zeros too: closed lists in the order of the form, years and
// names by their letters.
export function inOrder(counts, totals, facets) {
  const collator = new Intl.Collator(document.documentElement.lang);
  const known = facets.filter(({ name }) => name in totals);
  return Object.fromEntries(
    known.map(({ name, values }) => {
      const ranks = new Map(values.map(([, said], rank) => [said, rank]));
      const rank = (value) => ranks.get(value) ?? ranks.size;
      const names = Object.keys(totals[name]).sort((a, b) => rank(a) - rank(b) || collator.compare(a, b));
      return [name, Object.fromEntries(names.map((value) => [value, counts[name]?.[value] ?? 0]))];
    }),
  );
}
