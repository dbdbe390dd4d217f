// The whole form as it was received, beside the reading of it: lines of the published text, cell by cell. Nothing is
// read into it, and nothing is fetched before somebody asks.

import { filled } from "./filled.js";

const SPLIT = /\r\n|\r|\n/;

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// A row for each line: its number, then its cells; the last cell reaches to the edge.
function tableOf(lines, first, words) {
  const rows = lines.map((line) => line.split("\t"));
  const width = Math.max(1, ...rows.map((cells) => cells.length));
  const body = rows.map((cells, at) => {
    const shown = cells.map((cell) => make("td", { textContent: cell }));
    shown.at(-1).colSpan = width - cells.length + 1;
    const label = filled(words.line, { line: String(first + at) });
    return make("tr", {}, make("th", { scope: "row", textContent: label }), ...shown);
  });
  const table = make("table", { className: "as-received" }, make("tbody", {}, ...body));
  table.prepend(make("caption", { textContent: words.caption, className: "visually-hidden" }));
  table.lang = "zh-CN";
  return table;
}

async function linesOf(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return new TextDecoder("utf-8", { fatal: true }).decode(await answer.arrayBuffer()).split(SPLIT);
}

// Puts a button behind the link to the form that shows its lines below, and takes them away again.
export function setUpForm(link) {
  const { first, last, show, hide, failed, ...words } = link.dataset;
  const place = make("div", { className: "table-scroll" });
  Object.assign(place, { tabIndex: 0, role: "region", ariaLabel: words.caption });
  const button = make("button", { type: "button", textContent: show, className: "as-received-button" });
  button.setAttribute("aria-expanded", "false");
  const open = async () => {
    try {
      const lines = await linesOf(link.href);
      const from = first ? Number(first) : 1;
      place.replaceChildren(tableOf(lines.slice(from - 1, last ? Number(last) : undefined), from, words));
    } catch {
      place.replaceChildren(make("p", { className: "note", textContent: failed }));
    }
    link.closest("table").after(place);
  };
  button.addEventListener("click", async () => {
    const isOpen = button.getAttribute("aria-expanded") === "true";
    if (isOpen) place.remove();
    else await open();
    button.setAttribute("aria-expanded", String(!isOpen));
    button.textContent = isOpen ? show : hide;
  });
  link.closest("td").append(" ", button);
}
