// Lists that sort and filter in place: tools are drawn into the empty frame that stands before a table. Without
// script the table is whole, and the frame takes no room. The state stands in the address.

import { filled } from "./filled.js";

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, attributes);
  made.append(...children);
  return made;
}

// Columns with few values that readers choose among.
const CHOSEN = ["year", "department", "unit", "nature", "kind"];
const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

// What a cell is sorted by: a number, or its text; nothing where nothing was filed.
function valueOf(cell, isNumber) {
  const text = cell.dataset.value ?? cell.textContent.trim();
  if (!isNumber) return text;
  const digits = text.replaceAll(",", "");
  return /^-?[0-9]+(?:\.[0-9]+)?(?:\s|$)/.test(digits) ? Number.parseFloat(digits) : null;
}

// Compares two rows by a column; blanks come last in both directions.
function comparison({ place, isNumber }, direction) {
  return (first, second) => {
    const [a, b] = [first, second].map((row) => valueOf(row.cells[place], isNumber));
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return direction * (isNumber ? a - b : collator.compare(a, b));
  };
}

class List {
  constructor(frame) {
    this.said = frame.dataset;
    this.frame = frame;
    this.table = frame.nextElementSibling.querySelector("table.list");
    this.rows = [...this.table.tBodies[0].rows];
    const heads = [...this.table.tHead.rows[0].cells];
    this.columns = heads.map((head, place) => ({
      head,
      place,
      key: head.dataset.column,
      title: head.textContent.trim(),
      isNumber: head.classList.contains("number") || head.dataset.column === "year",
    }));
    this.draw();
    this.begin();
  }

  draw() {
    this.words = element("input", { type: "search", autocomplete: "off" });
    this.words.addEventListener("input", () => this.show());
    const tools = [this.labelled(this.said.find, this.words)];
    this.choices = this.columns.filter(({ key }) => CHOSEN.includes(key)).map((column) => this.choiceOf(column));
    this.choices = this.choices.filter((choice) => choice !== null);
    tools.push(...this.choices.map(({ column, select }) => this.labelled(column.title, select)));
    this.order = element("select", {}, element("option", { value: "" }, this.said.asIs));
    for (const { key, title } of this.columns) {
      for (const [direction, words] of [["asc", this.said.up], ["desc", this.said.down]]) {
        this.order.append(element("option", { value: `${key}-${direction}` }, filled(words, { column: title })));
      }
    }
    this.order.addEventListener("change", () => this.show());
    const order = this.labelled(this.said.sort, this.order);
    order.classList.add("list-order");
    this.count = element("output");
    this.clear = element("button", { type: "button", hidden: true }, this.said.clear);
    this.clear.addEventListener("click", () => this.reset());
    this.frame.append(...tools, order, this.clear, this.count);
    for (const column of this.columns) this.makeSortable(column);
  }

  labelled(words, control) {
    return element("label", {}, element("span", {}, words), control);
  }

  choiceOf(column) {
    const values = [...new Set(this.rows.map((row) => row.cells[column.place].textContent.trim()))];
    if (values.length < 2) return null;
    const select = element("select", {}, element("option", { value: "" }, this.said.all));
    for (const value of values.toSorted(collator.compare)) select.append(element("option", { value }, value));
    select.addEventListener("change", () => this.show());
    return { column, select };
  }

  // The title of a column becomes a button: first up, then down, then as it was; sums begin with the largest.
  makeSortable({ head, key, title, isNumber }) {
    const button = element("button", { type: "button" }, title);
    const turns = isNumber ? ["desc", "asc", ""] : ["asc", "desc", ""];
    button.addEventListener("click", () => {
      const [sorted, direction] = this.order.value.split("-");
      const next = sorted === key ? turns[turns.indexOf(direction) + 1] : turns[0];
      this.order.value = next ? `${key}-${next}` : "";
      this.show();
    });
    head.replaceChildren(button);
  }

  // Takes over what the address says, as far as there is such a value; it speaks of the list of declarations.
  begin() {
    if (!this.isInAddress()) {
      this.apply();
      return;
    }
    const asked = new URL(location.href).searchParams;
    this.words.value = asked.get("find") ?? "";
    for (const [control, wanted] of [
      [this.order, asked.get("sort")],
      ...this.choices.map(({ column, select }) => [select, asked.get(column.key)]),
    ]) {
      if ([...control.options].some(({ value }) => value === wanted)) control.value = wanted;
    }
    this.apply();
  }

  isInAddress() {
    return this.said.listTools === "declarations";
  }

  reset() {
    this.words.value = "";
    for (const control of [this.order, ...this.choices.map(({ select }) => select)]) control.value = "";
    this.show();
    this.words.focus();
  }

  show() {
    this.apply();
    if (!this.isInAddress()) return;
    const address = new URL(location.href);
    const state = { find: this.words.value.trim(), sort: this.order.value };
    for (const { column, select } of this.choices) state[column.key] = select.value;
    for (const [name, value] of Object.entries(state)) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(null, "", address);
  }

  apply() {
    const words = this.words.value.trim().toLowerCase();
    const isShown = (row) =>
      row.textContent.toLowerCase().includes(words) &&
      this.choices.every(
        ({ column, select }) => !select.value || row.cells[column.place].textContent.trim() === select.value,
      );
    for (const row of this.rows) row.hidden = !isShown(row);
    const [key, direction] = this.order.value.split("-");
    const column = this.columns.find((one) => one.key === key);
    const sorted = column ? this.rows.toSorted(comparison(column, direction === "asc" ? 1 : -1)) : this.rows;
    this.table.tBodies[0].append(...sorted);
    for (const { head } of this.columns) head.removeAttribute("aria-sort");
    column?.head.setAttribute("aria-sort", direction === "asc" ? "ascending" : "descending");
    const shown = this.rows.filter((row) => !row.hidden).length;
    this.count.textContent = filled(this.said.count, { shown, whole: this.rows.length });
    this.clear.hidden = !words && !this.order.value && this.choices.every(({ select }) => !select.value);
  }
}

export function setUpList(frame) {
  return new List(frame);
}
