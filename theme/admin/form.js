// Declarations in a form of Decap CMS. Decap alone would read 1,234,567.80 as a number and write another text back, and
// lose every comment. Here a file is read as text only, and written by changing the one place that was changed: all
// other bytes stay as they are.
import { isMap, isScalar, isSeq, parseDocument, visit } from "./yaml/index.js";

const SOURCE = "_source";
const STRICT = { schema: "failsafe", keepSourceTokens: true, uniqueKeys: true };
const UNQUOTED = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{Pd}.,，。；、（）“”%《》 ]*[\p{L}\p{N}。）”%》])?$/u;
const AS_IT_WAS = { lineWidth: 0, flowCollectionPadding: false };

function isBlank(node) {
  return isScalar(node) && node.type === "PLAIN" && ["", "~", "null"].includes(String(node.value ?? ""));
}

function plain(node) {
  if (isMap(node)) return Object.fromEntries(node.items.map((pair) => [pair.key.value, plain(pair.value)]));
  if (isSeq(node)) return node.items.map(plain);
  return node === null || isBlank(node) ? "" : node.value;
}

function read(text) {
  const document = parseDocument(text, STRICT);
  if (document.errors.length) throw document.errors[0];
  return document;
}

function fromFile(text) {
  return { ...plain(read(text).contents), [SOURCE]: text };
}

// The text of a scalar. Quotes are set unless it stood without and reads the same without.
function written(text, type) {
  if (text === "") return "null";
  if (type === "PLAIN" && UNQUOTED.test(text)) return text;
  return JSON.stringify(text);
}

// The places that differ: scalars as [node, new text]; null where whole parts came or went.
function changes(node, before, after, found = []) {
  if (isMap(node) && after && typeof after === "object" && !Array.isArray(after)) {
    for (const pair of node.items) {
      const key = pair.key.value;
      if (!(key in after)) return null;
      if (changes(pair.value, before[key], after[key], found) === null) return null;
    }
    const more = Object.keys(after).filter((key) => !(key in before) && isFilled(after[key]));
    return more.length ? null : found;
  }
  if (isSeq(node) && Array.isArray(after)) {
    if (node.items.length !== after.length) return null;
    const all = node.items.map((item, place) => changes(item, before[place], after[place], found));
    return all.includes(null) ? null : found;
  }
  const now = after === null || after === undefined ? "" : String(after);
  if (isScalar(node) && typeof before === "string") {
    if (before !== now) found.push([node, now]);
    return found;
  }
  return null;
}

function isFilled(value) {
  if (Array.isArray(value)) return value.length > 0;
  if (value && typeof value === "object") return Object.values(value).some(isFilled);
  return value !== "" && value !== null && value !== undefined;
}

// A part without what was left empty in the form.
function filled(value) {
  if (Array.isArray(value)) return value.map(filled);
  if (!value || typeof value !== "object") return value === null || value === undefined ? "" : String(value);
  return Object.fromEntries(Object.entries(value).filter(([, one]) => isFilled(one)).map(([key, one]) => [key, filled(one)]));
}

// A new part, with quotes wherever a text could be read as something else.
function created(document, value) {
  const node = document.createNode(filled(value));
  visit(node, {
    Scalar(key, scalar) {
      if (key !== "key" && !UNQUOTED.test(scalar.value)) scalar.type = "QUOTE_DOUBLE";
    },
  });
  return node;
}

// Whole parts that came or went: the tree of the file is changed there, and comments stay.
function rewrite(document, path, node, before, after) {
  if (isMap(node) && after && typeof after === "object" && !Array.isArray(after)) {
    for (const pair of [...node.items]) {
      const key = pair.key.value;
      if (!(key in after) || (!isScalar(pair.value) && !isFilled(after[key]))) document.deleteIn([...path, key]);
      else rewrite(document, [...path, key], pair.value, before[key], after[key]);
    }
    for (const key of Object.keys(after)) {
      if (!(key in before) && isFilled(after[key])) document.setIn([...path, key], created(document, after[key]));
    }
    return;
  }
  if (isSeq(node) && Array.isArray(after) && node.items.length === after.length) {
    after.forEach((one, place) => rewrite(document, [...path, place], node.items[place], before[place], one));
    return;
  }
  if (isSeq(node) && Array.isArray(after)) {
    // An item that stayed keeps its node, and with it comments and quotes.
    const kept = before.map((one, place) => [JSON.stringify(one), node.items[place]]);
    node.items = after.map((one) => {
      const found = kept.findIndex(([said]) => said === JSON.stringify(one));
      return found < 0 ? created(document, one) : kept.splice(found, 1)[0][1];
    });
    return;
  }
  const now = after === null || after === undefined ? "" : String(after);
  if (JSON.stringify(before) !== JSON.stringify(after)) document.setIn(path, now);
}

export function toFile(value) {
  const { [SOURCE]: source, ...after } = value;
  if (source === undefined) throw new Error("a declaration begins with `jixiao new` or `jixiao import`");
  const document = read(source);
  const before = plain(document.contents);
  const found = changes(document.contents, before, after);
  if (found === null) {
    rewrite(document, [], document.contents, before, after);
    return document.toString(AS_IT_WAS);
  }
  let text = source;
  for (const [node, now] of found.sort(([one], [other]) => other.range[0] - one.range[0])) {
    const [begin, end] = node.range;
    const tail = source.slice(begin, end).endsWith("\n") ? "\n" : "";
    text = `${text.slice(0, begin)}${begin === end && !/\s$/.test(text.slice(0, begin)) ? " " : ""}${written(now, node.type)}${tail}${text.slice(end)}`;
  }
  return text;
}

const CMS = window.CMS;
CMS.registerCustomFormat("jixiao", "yml", { fromFile, toFile });
const answer = await fetch("config.json");
CMS.init({ config: await answer.json() });
