// node record.mjs: what Node does with each program of programs.txt, for every value of the two conditions A and B.
// A program is the body of an async function. One that throws has no outcome: a deployment did not happen.
import { readFileSync, writeFileSync } from "node:fs";

const here = (name) => new URL(name, import.meta.url);
const AsyncFunction = (async () => {}).constructor;

function plain(value) {
  if (value === undefined) return { $: "undefined" };
  if (typeof value === "number" && !Number.isFinite(value)) return { $: String(value) };
  if (Array.isArray(value)) return Array.from(value, plain);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  return typeof value === "function" ? { $: "function" } : value;
}

const outcomes = {};
for (const line of readFileSync(here("programs.txt"), "utf8").split("\n")) {
  if (!line.trim() || line.startsWith("#")) continue;
  const found = [];
  for (const a of [true, false]) for (const b of [true, false]) {
    try {
      found.push(plain(await new AsyncFunction("A", "B", line)(a, b)));
    } catch {}
  }
  outcomes[line] = [...new Map(found.map((value) => [JSON.stringify(value), value])).values()];
}
const rows = Object.entries(outcomes).map(([program, found]) => `  ${JSON.stringify(program)}: ${JSON.stringify(found)}`);
writeFileSync(here("outcomes.json"), `{\n${rows.join(",\n")}\n}\n`);
