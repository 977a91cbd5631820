// Loaded where nothing goes by what was typed into Find: says so, and offers names that begin nearly so.
"use strict";

// A letter too many, another, one too few, or two turned around.
function nearly({ letters, characters, sound }, typed) {
  const wanted = sound ? typed.replaceAll("v", "u") : typed;
  const initials = sound && letters.length <= characters.length;
  if (initials || wanted.length < (HAN.test(wanted) ? 3 : 4)) return false;
  let same = 0;
  while (same < wanted.length && wanted[same] === letters[same]) same++;
  const [first, ...more] = wanted.slice(same);
  const rest = more.join("");
  const turned = more.length ? more[0] + first + rest.slice(1) : rest;
  return [[rest, same], [rest, same + 1], [first + rest, same + 1], [turned, same]].some(([part, at]) => letters.startsWith(part, at));
}

globalThis.alike = (rows, typed) => {
  const whole = fold(typed);
  const near = rows.filter(({ forms }) => forms.some((form) => nearly(form, whole)));
  const found = near.map((row) => ({ row, characters: row.label, from: 0, to: 0 }));
  const shown = found.sort((a, b) => a.characters.length - b.characters.length).slice(0, 12);
  const told = shown.length ? text.alike : fill(text.count, { n: 0 });
  return [make("span", { className: "option none", role: "option", ariaDisabled: "true" }, told), ...shown.map(option)];
};
