// Two declarations side by side: read from their own pages, so that nothing is said twice in different words.

import { element } from "./search.js";
import { filled } from "./filled.js";

const DECLARATION = /(?:^|\/)((?:19|20)[0-9]{2}\/[a-z0-9-]+\/[a-z0-9-]+)\/?(?:[?#].*)?$/;

const idIn = (typed) => typed.trim().match(DECLARATION)?.[1] ?? null;

// The page of a declaration, or null where there is none.
async function pageOf(id, root) {
  const address = new URL(`${id}/`, new URL(root, location.href));
  const answer = await fetch(address);
  if (!answer.ok) return null;
  const article = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("article");
  return article?.classList.contains("kind-declaration") ? { address, article, id } : null;
}

const wordsOf = (node) => node.textContent.trim();
const paragraphsOf = (node) => [...node.querySelectorAll("p:not(aside *)")].map(wordsOf);

// Pairs of title and cell in a table of facts or of money.
function* cellsOf(table) {
  for (const cell of table.querySelectorAll("tbody td")) {
    yield [wordsOf(cell.previousElementSibling), [wordsOf(cell)]];
  }
}

// Indicators with their class, which reaches down over rows.
function* indicatorsOf(article) {
  let level1 = "";
  let level2 = "";
  for (const row of article.querySelectorAll("table.indicators tbody tr")) {
    level1 = row.querySelector(".level1") ? wordsOf(row.querySelector(".level1")) : level1;
    level2 = row.querySelector(".level2") ? wordsOf(row.querySelector(".level2")) : level2;
    const marks = [...row.querySelectorAll("strong.mark")].map(wordsOf);
    const name = wordsOf(row.querySelector(".name"));
    yield [`${level1} / ${level2} · ${name}`, [wordsOf(row.querySelector(".target")), ...marks]];
  }
}

// Every field of a declaration: title → paragraphs, in the order of the page.
function fieldsOf({ article }) {
  const fields = new Map();
  const add = (title, paragraphs) => {
    // A name that stands twice in one class is told apart by its place.
    let unique = title;
    for (let number = 2; fields.has(unique); number += 1) unique = `${title} (${number})`;
    fields.set(unique, paragraphs);
  };
  for (const cell of cellsOf(article.querySelector("table.facts"))) add(...cell);
  for (const table of article.querySelectorAll("table.money")) {
    const [block, unit] = [...table.caption.childNodes].map(wordsOf).filter(Boolean);
    for (const [title, [words]] of cellsOf(table)) {
      add(`${block} · ${title}`, [unit && /[0-9]/.test(words) ? `${words} (${unit})` : words]);
    }
  }
  for (const goal of article.querySelectorAll("section.goal")) add(wordsOf(goal.querySelector("h3")), paragraphsOf(goal));
  for (const indicator of indicatorsOf(article)) add(...indicator);
  return fields;
}

// The titles of both, each once; what only the second has comes before what follows it there.
function titlesOf(first, second) {
  const titles = [...first.keys()];
  let place = 0;
  for (const title of second.keys()) {
    const at = titles.indexOf(title);
    if (at < 0) titles.splice(place, 0, title);
    place = (at < 0 ? place : at) + 1;
  }
  return titles;
}

function cellWith(paragraphs, label, said) {
  const cell = element("td", "");
  cell.dataset.label = label;
  const words = element("div", "");
  if (paragraphs) for (const paragraph of paragraphs) words.append(element("p", "", paragraph));
  else words.append(element("span", "not-filed", said.blank));
  cell.append(words);
  return cell;
}

function headWith({ address, article, id }) {
  const link = element("a", "", wordsOf(article.querySelector("h1")));
  link.href = address.href;
  const head = element("th", "", link, element("span", "of-class", id));
  head.scope = "col";
  return head;
}

function tableOf(pages, said) {
  const [first, second] = pages.map(fieldsOf);
  const names = pages.map(({ article }) => wordsOf(article.querySelector("h1")));
  const caption = element("caption", "visually-hidden", said.caption);
  const corner = element("th", "", said.field);
  corner.scope = "col";
  const rows = titlesOf(first, second).map((title) => {
    const head = element("th", "", title);
    head.scope = "row";
    const [one, other] = [first.get(title), second.get(title)];
    const isSame = JSON.stringify(one) === JSON.stringify(other);
    return element("tr", isSame ? "is-same" : "differs", head, cellWith(one, names[0], said), cellWith(other, names[1], said));
  });
  const table = element("table", "list compared-pair", caption, element("thead", "", element("tr", "", corner, ...pages.map(headWith))), element("tbody", "", ...rows));
  const frame = element("div", "table-scroll", table);
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", said.caption);
  return frame;
}

export async function setUpCompare(frame) {
  const said = frame.dataset;
  const form = frame.querySelector("form");
  const status = frame.querySelector("[data-compare-status]");
  const asked = new URL(location.href).searchParams;
  const typed = ["a", "b"].map((name) => asked.get(name) ?? "");
  for (const [place, name] of ["a", "b"].entries()) form.elements[name].value = typed[place];
  form.hidden = false;
  if (typed.some((text) => !text.trim())) return;
  const ids = typed.map(idIn);
  if (ids[0] && ids[0] === ids[1]) {
    status.textContent = said.same;
    return;
  }
  const pages = await Promise.all(ids.map((id) => (id ? pageOf(id, said.root) : null)));
  const missing = typed.filter((_, place) => !pages[place]);
  if (missing.length > 0) {
    status.textContent = missing.map((text) => filled(said.missing, { text })).join(" ");
    return;
  }
  frame.querySelector("[data-compare-result]").append(tableOf(pages, said));
}
