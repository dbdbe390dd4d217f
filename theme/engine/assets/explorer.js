// The search page: words, facets and an order; all of it stands in the address, so that a view can be sent.

import { filled } from "./filled.js";
import { addressOf, element, indexes, loadSearch, resultParts } from "./search.js";

// Facets that are open from the beginning; the others have many values, or are for those who know the forms.
const OPEN = ["year", "department", "money", "targets"];

// Reads the view from the address: a value of a closed list stands there in Chinese, whatever language is read.
function viewIn(address, facets) {
  const { searchParams } = new URL(address);
  const filters = {};
  for (const { key, name, values } of facets) {
    const said = new Map(values);
    const chosen = searchParams.getAll(key).map((value) => said.get(value) ?? value);
    if (chosen.length > 0) filters[name] = chosen;
  }
  return { words: searchParams.get("q") ?? "", order: searchParams.get("sort") ?? "", filters };
}

function addressWith({ words, order, filters }, facets) {
  const address = new URL(location.href);
  address.search = "";
  if (words) address.searchParams.set("q", words);
  if (order) address.searchParams.set("sort", order);
  for (const { key, name, values } of facets) {
    const chinese = new Map(values.map(([value, said]) => [said, value]));
    for (const value of filters[name] ?? []) address.searchParams.append(key, chinese.get(value) ?? value);
  }
  return address;
}

// A value that no declaration has would leave nothing and could not be taken away: there is no box for it.
function known(filters, counts) {
  const kept = Object.entries(filters).map(([facet, values]) => [
    facet,
    values.filter((value) => Object.hasOwn(counts[facet] ?? {}, value)),
  ]);
  return Object.fromEntries(kept.filter(([, values]) => values.length > 0));
}

// One result; before the first that lacks the very words, the list says so.
function resultOnPage(result, said) {
  const link = document.createElement("a");
  link.href = addressOf(result);
  link.textContent = result.meta.title ?? "";
  const item = element("li", "result", ...resultParts(result, link));
  if (!result.words || result.exactBefore === null) return item;
  const note = result.exactBefore > 0 ? said.someExact : said.noneExact;
  item.prepend(element("p", "result-border", filled(note, { count: result.exactBefore, words: result.words })));
  return item;
}

// The values that are chosen, each a button that takes it away.
function showChosen(place, filters, instance) {
  const without = (facet, value) => ({ ...filters, [facet]: filters[facet].filter((other) => other !== value) });
  const button = (words, label, rest) => {
    const made = element("button", "chosen-value", words);
    made.type = "button";
    made.setAttribute("aria-label", label);
    made.addEventListener("click", () => instance.triggerFilters(rest));
    return element("li", "", made);
  };
  const values = Object.entries(filters).flatMap(([facet, chosen]) => chosen.map((value) => [facet, value]));
  place.hidden = values.length === 0;
  place.querySelector("ul").replaceChildren(
    ...values.map(([facet, value]) =>
      button(`${value} ×`, filled(place.dataset.remove, { value }), without(facet, value))),
    ...(values.length > 1 ? [button(place.dataset.clear, place.dataset.clear, {})] : []),
  );
}

function component(name, attributes) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}

// Draws field, facets and results in *place*, around the controls that the page brings along.
function draw(place, facets, said) {
  const input = component("pagefind-input", {});
  const open = facets.filter(({ key }) => OPEN.includes(key)).map(({ name }) => name);
  const pane = component("pagefind-filter-pane", { open: open.join(",") });
  const results = component("pagefind-results", { "hide-sub-results": "" });
  results.resultTemplate = (result) => resultOnPage(result, said);
  const label = document.createElement("summary");
  // On a phone the filters would push the results off the screen; there they open when asked.
  const folding = element("details", "filters", label, pane);
  folding.open = matchMedia("(min-width: 48.01rem)").matches;
  const tools = place.querySelector("[data-search-tools]");
  const found = element("div", "search-found", component("pagefind-summary", {}), tools, results);
  place.append(component("pagefind-config", { faceted: "" }), input, element("div", "search-columns", folding, found));
  label.textContent = input.instance.translate("filters_label");
  tools.hidden = false;
  return { instance: input.instance, order: tools.querySelector("select"), chosen: tools.querySelector("[data-chosen]") };
}

// Sets the page up and shows the view of its address.
export async function setUpSearchPage(place) {
  const engine = await import(`${indexes()}pagefind.js`);
  const [{ facets }] = await Promise.all([engine.listing(), loadSearch()]);
  const { instance, order, chosen } = draw(place, facets, place.dataset);
  const typed = () => place.querySelector("input[type=search]").value.trim();
  const begun = viewIn(location.href, facets);
  const orders = [...order.options].map(({ value }) => value);
  order.value = orders.includes(begun.order) ? begun.order : "";
  Object.assign(engine.view, { order: order.value, faceted: true });
  let isShown = false;
  instance.on("search", (words, filters) => {
    showChosen(chosen, filters, instance);
    if (!isShown) return;
    history.replaceState(null, "", addressWith({ words: words ?? "", order: order.value, filters }, facets));
  });
  order.addEventListener("change", () => {
    engine.view.order = order.value;
    // The field waits a moment before it searches; what stands in it now is meant.
    instance.triggerSearchWithFilters(typed(), instance.searchFilters);
  });
  // Loading ends with a search for nothing, which shows everything or the facets; the reader's view comes after it.
  await instance.triggerLoad();
  isShown = true;
  // What a quick reader has typed meanwhile is more than what the address says.
  const words = typed() || begun.words;
  const filters = known(begun.filters, instance.totalFilters ?? {});
  if (words || order.value || Object.keys(filters).length > 0) {
    instance.triggerSearchWithFilters(words, filters);
  }
}
