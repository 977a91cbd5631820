// Facets of a list: checkboxes from its items' data attributes; what is chosen stands in the address, to be shared.
// site.js loads this where a page has such a list, and lends `make`, `fill`, `fold`, `words` and the texts.
"use strict";

function facets(list) {
  const items = [...list.querySelectorAll("li")].map((item) => ({ item, has: item.dataset, letters: fold(item.textContent) }));
  const every = [...new Set(items.flatMap(({ has }) => Object.keys(has)))];
  const keys = every.filter((key) => items.some(({ has }) => has[key] !== items[0].has[key]));
  const shown = make("p", { role: "status" });
  const group = (key) => {
    const counts = new Map();
    for (const { has } of items) if (has[key]) counts.set(has[key], (counts.get(has[key]) ?? 0) + 1);
    const checks = [...counts].sort((a, b) => b[1] - a[1]).map(([value, n]) =>
      make("label", {}, make("input", { type: "checkbox", name: key, value }), ` ${value} `, make("span", { className: "count" }, n)));
    return make("details", { open: counts.size <= 8 }, make("summary", {}, text[key] ?? key), ...checks);
  };
  const filter = make("input", { type: "search", name: "q", placeholder: text.filter, ariaLabel: text.filter });
  const form = make("form", { className: "facets" }, filter, ...keys.map(group), shown);

  const apply = (state) => {
    const asked = words(state.get("q") ?? "");
    const suits = ({ has, letters }) =>
      asked.every((word) => letters.includes(word)) && keys.every((key) => !state.has(key) || state.getAll(key).includes(has[key]));
    for (const each of items) each.item.hidden = !suits(each);
    for (const part of list.querySelectorAll("section")) part.hidden = !part.querySelector("li:not([hidden])");
    shown.textContent = fill(text.shown, { n: items.filter(suits).length, m: items.length });
  };
  const restore = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    filter.value = state.get("q") ?? "";
    for (const check of form.querySelectorAll("[type=checkbox]")) {
      check.checked = state.getAll(check.name).includes(check.value);
      if (check.checked) check.closest("details").open = true;
    }
    apply(state);
  };
  form.onsubmit = (event) => event.preventDefault();
  form.oninput = () => {
    const state = new URLSearchParams(new FormData(form));
    history.replaceState(null, "", `#${state}`);
    apply(state);
  };
  list.before(form);
  addEventListener("hashchange", restore);
  restore();
}

document.querySelectorAll("[data-facets]").forEach(facets);
