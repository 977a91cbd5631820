// Loaded where nothing goes by what was typed into Find: names that differ from it by a slip, of long ones by two.
"use strict";

// A slip is a letter too many, another, one too few, or two turned around (optimal string alignment).
function nearly(name, typed, slips) {
  let same = 0;
  while (same < typed.length && typed[same] === name[same]) same++;
  const [left, rest] = [name.slice(same), typed.slice(same)];
  if (left === rest) return true;
  if (!slips || Math.abs(left.length - rest.length) > slips) return false;
  const turned = left[0] === rest[1] && left[1] === rest[0];
  return (
    nearly(left.slice(1), rest.slice(1), slips - 1) ||
    nearly(left.slice(1), rest, slips - 1) ||
    nearly(left, rest.slice(1), slips - 1) ||
    (turned && nearly(left.slice(2), rest.slice(2), slips - 1))
  );
}

globalThis.alike = (rows, typed) => {
  const whole = fold(typed);
  const slips = whole.length < (HAN.test(whole) ? 3 : 5) ? 0 : 1 + (whole.length > 8);
  const is = ({ letters, characters, sound }) => {
    const initials = sound && letters.length <= characters.length;
    return !initials && nearly(letters, sound ? whole.replaceAll("v", "u") : whole, slips);
  };
  const near = slips ? rows.filter(({ forms }) => forms.some(is)) : [];
  const found = near.map((row) => ({ row, characters: row.label, from: 0, to: 0 }));
  return found.sort((a, b) => a.characters.length - b.characters.length).slice(0, 12);
};
