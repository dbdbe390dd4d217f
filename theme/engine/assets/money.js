// Sums in the unit that a reader prefers, beside the filed figure, which always stays as it is. The digits are
// moved as text: no sum goes through a number of the machine.

import { filled } from "./filled.js";

const PLACES = 4; // 万元 is ten thousand 元.

// Moves the decimal point of a figure by so many places to the right, exactly; groups of three digits.
export function shifted(figure, places) {
  const found = /^(-?)([0-9,]+)(?:\.([0-9]+))?$/.exec(figure);
  if (!found) return null;
  const [, sign, whole, fraction = ""] = found;
  const digits = whole.replaceAll(",", "") + fraction;
  const point = digits.length - fraction.length + places;
  const padded = digits.padStart(digits.length + Math.max(0, 1 - point), "0");
  const at = point + (padded.length - digits.length);
  const all = padded.padEnd(at, "0");
  const left = all.slice(0, at).replace(/^0+(?=[0-9])/, "").replace(/\B(?=(?:[0-9]{3})+$)/g, ",");
  const right = all.slice(at).replace(/0+$/, "");
  return `${sign}${left}${right && `.${right}`}`;
}

// Gives all sums of the page: the element of the figure, and the unit in words.
function* sumsOf(page) {
  for (const sum of page.querySelectorAll(".sum")) {
    const figure = sum.querySelector(".amount");
    yield { figure, after: sum, unit: sum.textContent.slice(figure.textContent.length).trim() };
  }
  for (const table of page.querySelectorAll("table.money")) {
    const unit = table.querySelector("caption .unit")?.textContent ?? "";
    for (const figure of table.querySelectorAll(".amount")) yield { figure, after: figure, unit };
  }
}

function stored() {
  try {
    return localStorage.getItem("money") ?? "";
  } catch {
    return "";
  }
}

function store(choice) {
  try {
    localStorage.setItem("money", choice);
  } catch {
    // The choice holds for this page only.
  }
}

export function setUpMoney(frame) {
  const { yuan, wan, label, asFiled } = frame.dataset;
  // 万元 ends in 元.
  const isWan = (unit) => unit.endsWith(wan);
  const show = (choice) => {
    for (const old of document.querySelectorAll(".converted")) old.remove();
    for (const { figure, after, unit } of choice ? [...sumsOf(document)] : []) {
      if (!unit.endsWith(yuan) || isWan(unit) === (choice === "wan")) continue;
      const text = shifted(figure.textContent, isWan(unit) ? PLACES : -PLACES);
      if (text === null) continue;
      const made = document.createElement("span");
      made.className = "converted";
      made.textContent = filled(frame.dataset.converted, { sum: text, unit: choice === "wan" ? wan : yuan });
      after.after(made);
    }
  };
  const select = document.createElement("select");
  for (const [value, words] of [["", asFiled], ["wan", wan], ["yuan", yuan]]) {
    select.append(new Option(words, value));
  }
  const choice = stored();
  select.value = ["wan", "yuan"].includes(choice) ? choice : "";
  select.addEventListener("change", () => {
    store(select.value);
    show(select.value);
  });
  const named = document.createElement("label");
  named.append(label, " ", select);
  frame.append(named);
  show(select.value);
}
