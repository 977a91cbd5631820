// Finding, colour scheme, and what loads facets and copying; pages are complete without. Texts come from the script's tag.
"use strict";

const { src, dataset: text } = document.currentScript;
const page = document.documentElement;
const make = (tag, properties, ...inside) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
};
const told = make("p", { className: "told", ariaLive: "polite" });
const say = (sentence) => (told.textContent = sentence);
const load = (address, onload) => document.head.append(make("script", { src: address, onload }));
const fill = (sentence, fields) => sentence.replace(/\{(\w)\}/g, (_, key) => fields[key]);

// Storage may be denied: then a choice lasts for one page.
const SCHEMES = ["system", "light", "dark"];
function remembered(scheme) {
  try {
    if (scheme) localStorage.setItem("scheme", scheme);
    return localStorage.getItem("scheme");
  } catch {
    return scheme;
  }
}
page.dataset.scheme = remembered() ?? "system";

function switching(button) {
  const show = () => (button.title = button.ariaLabel = text[page.dataset.scheme]);
  button.hidden = false;
  show();
  button.onclick = () => {
    page.dataset.scheme = SCHEMES[(SCHEMES.indexOf(page.dataset.scheme) + 1) % 3];
    remembered(page.dataset.scheme);
    say(show());
  };
}

// Names as they are compared; each letter of a form knows which character of the name it stands for.
const HAN = /[\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const known = {};
const simplified = {};
const readings = {};
const plain = (part) => {
  const letters = part.normalize("NFKC").toLowerCase().normalize("NFD").replace(/[^\p{L}\p{N}]/gu, "");
  return [...letters].map((each) => simplified[each] ?? each).join("");
};
const fold = (typed) => plain(typed) || typed.trim();
const words = (typed) => typed.split(/\s+/).map(fold).filter(Boolean);

function formsOf(entry) {
  const [name, reading] = entry.split("\t");
  const own = reading?.split(" ");
  const characters = [...name];
  const form = (parts, sound) => {
    return { characters, sound, letters: parts.join(""), at: parts.flatMap((part, at) => Array(part.length).fill(at)) };
  };
  const letters = characters.map((each) => (known[each] ??= plain(each)));
  const read = letters.map((each) => (HAN.test(each) ? own?.shift() ?? readings[each] ?? each : each));
  const sounds = HAN.test(name) ? [form(read, true), form(read.map((each) => each[0] ?? ""), true)] : [];
  return [form(letters.join("") ? letters : characters), ...sounds];
}

// Degrees: 0 the whole name, 1 its beginning, 2 the beginning of a word or syllable, 3 inside, 4 nowhere.
function best({ forms }, typed) {
  let found = { degree: 4 };
  const spelt = typed.replaceAll("v", "u");
  for (const { characters, sound, letters, at } of forms) {
    const wanted = sound ? spelt : typed;
    if (!letters.includes(wanted)) continue;
    const begins = (start) => (sound ? at[start] !== at[start - 1] : !plain(characters[at[start] - 1]));
    for (let start = letters.indexOf(wanted); start >= 0; start = letters.indexOf(wanted, start + 1)) {
      const degree = start ? 3 - begins(start) : Number(letters !== wanted);
      if (degree < found.degree) found = { degree, characters, from: at[start], to: at[start + wanted.length - 1] + 1 };
    }
  }
  return found;
}

// What is shown beside a name, its kind and whatever it is part of, is found with it, and counts as a beginning.
const within = ({ above }, word) => Boolean(above) && (best(above, word).degree < 4 || within(above, word));
const beside = (row, word) => fold(row.kind).includes(word) || within(row, word);

function search(rows, typed) {
  const asked = words(typed);
  const whole = fold(typed);
  const worst = (a, b) => (b.degree > a.degree ? b : a);
  const part = (row, word) => {
    const hit = best(row, word);
    return hit.degree === 4 && beside(row, word) ? { degree: 1, characters: row.label, from: 0, to: 0 } : hit;
  };
  const found = (row) => {
    const hit = best(row, whole);
    return hit.degree < 4 || asked.length < 2 ? hit : asked.map((word) => part(row, word)).reduce(worst);
  };
  const order = (a, b) => a.degree - b.degree || a.characters.length - b.characters.length;
  return asked.length ? rows.map((row) => Object.assign(found(row), { row })).filter(({ degree }) => degree < 4).sort(order) : [];
}

function opened({ languages, kinds, pinyin, hant, rows }) {
  for (const [, from, to] of hant.matchAll(/(.)(.)/gu)) simplified[from] = to;
  for (const [syllable, each] of Object.entries(pinyin)) for (const character of each) readings[character] = syllable;
  const own = languages.indexOf(page.lang);
  const read = rows.map(([slug, kind, within, ...entries]) => {
    const each = entries.map((entry) => entry && formsOf(entry));
    const names = each.map((forms) => forms && forms[0].characters);
    const label = names[own] || names.find(Boolean);
    const other = names.slice(0, languages.length).find((name) => name && name !== label);
    const [style, folder, ...called] = kinds[kind];
    const href = new URL(`../${folder && `${folder}/`}${slug}.${page.lang}.html`, src).href;
    return { forms: each.filter(Boolean).flat(), label, other, style, kind: called[own], within, href };
  });
  for (const row of read) row.above = read[row.within - 1];
  return read;
}

const line = (href, number, ...inside) =>
  make("a", { className: "option", role: "option", id: `found-${number}`, tabIndex: -1, href }, ...inside);

function option({ row, characters, from, to }, number) {
  const part = (...ends) => characters.slice(...ends).join("");
  const name = (each) => (each === characters ? [part(0, from), make("mark", {}, part(from, to)), part(to)] : [each.join("")]);
  const names = [...new Set([row.label, row.other ?? row.label, characters])];
  const shown = names.flatMap((each) => [make("span", { className: "name" }, ...name(each)), " "]);
  return line(row.href, number, ...shown, make("span", { className: `of ${row.style}` }, row.kind), ` ${row.above?.label.join("") ?? ""}`);
}

// A combobox with a listbox (ARIA 1.2). The index comes by a tag: pages opened from a disk may not fetch.
function finding(link) {
  const label = link.textContent.trim();
  const list = make("div", { className: "found", id: "found", role: "listbox", ariaLabel: label, hidden: true });
  const input = make("input", { type: "search", placeholder: label, ariaLabel: label, role: "combobox", autocomplete: "off" });
  Object.assign(input, { ariaAutoComplete: "list", ariaExpanded: "false", ariaKeyShortcuts: "/" });
  input.setAttribute("aria-controls", "found");
  const box = make("div", { className: "finder", role: "search" }, input, list);
  let rows = [];
  let chosen = -1;
  let loaded;
  const options = () => list.querySelectorAll("a");

  const choose = (number) => {
    const option = options()[number];
    options()[chosen]?.removeAttribute("aria-selected");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option?.id ?? "");
    chosen = number;
  };
  const open = (wanted) => {
    choose(-1);
    list.hidden = !wanted;
    input.ariaExpanded = String(wanted);
  };
  const show = () => {
    const hits = search(rows, input.value);
    choose(-1);
    list.replaceChildren(...hits.slice(0, 12).map(option));
    if (hits.length > 12) {
      const all = `${link.href}#${new URLSearchParams({ q: words(input.value).join(" ") })}`;
      list.append(line(all, "all", fill(text.more, { n: hits.length - 12 })));
    }
    const asked = rows.length && input.value;
    const none = asked && !hits.length;
    const near = (none && globalThis.alike?.(rows, input.value)) || [];
    const told = asked ? fill(near.length ? text.alike : text.count, { n: near.length || hits.length }) : "";
    if (none) {
      list.append(make("span", { className: "option none", role: "option", ariaDisabled: "true" }, told), ...near.map(option));
      loaded ??= load(new URL("alike.js", src), show) ?? true;
    }
    open(list.children.length > 0);
    say(told);
  };
  const begin = () => {
    rows = opened(pbgraphNames);
    show();
  };
  const keys = {
    ArrowDown: (last) => choose(chosen < last ? chosen + 1 : 0),
    ArrowUp: (last) => choose(chosen > 0 ? chosen - 1 : last),
    Home: () => choose(0),
    End: (last) => choose(last),
    Enter: () => options()[Math.max(chosen, 0)]?.click(),
    Escape: () => open(false),
  };

  link.replaceWith(box);
  input.addEventListener("focus", () => load(link.dataset.index, begin), { once: true });
  input.oninput = show;
  input.onkeydown = (event) => {
    // Until something is chosen from the list, these move in what is typed.
    const writes = chosen < 0 && ["Home", "End"].includes(event.key);
    if (event.isComposing || list.hidden || writes || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key](options().length - 1);
  };
  box.addEventListener("focusout", ({ relatedTarget }) => box.contains(relatedTarget) || open(false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    input.focus();
  });
}

document.addEventListener("DOMContentLoaded", () => {
  document.body.append(told);
  document.querySelectorAll("button.scheme").forEach(switching);
  document.querySelectorAll("a.find").forEach(finding);
  if (document.querySelector("pre.code")) load(new URL("copying.js", src));
  if (document.querySelector("[data-facets]")) load(new URL("facets.js", src));
});
