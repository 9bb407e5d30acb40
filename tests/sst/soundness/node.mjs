// Runs programs that the tests send, one JSON line each: {"program": "...", "unknowns": ["A", "B"]}. Answers one line each: what the
// program gives for every combination of the unknowns, which are booleans. A program is the body of an async function, in strict mode.
import { createInterface } from "node:readline";

const AsyncFunction = (async () => {}).constructor;
const SECONDS = 2;

/** A value as JSON that keeps what JSON loses: undefined, -0, NaN, holes, the order of keys, what is no plain data. */
function encode(value, depth = 12) {
  if (value === undefined) return { $: "undefined" };
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return value;
  if (typeof value === "number") return Object.is(value, -0) || !Number.isFinite(value) ? { $: Object.is(value, -0) ? "-0" : String(value) } : value;
  if (typeof value !== "object") return { $: typeof value };
  if (depth === 0) return { $: "deep" };
  if (Array.isArray(value)) {
    const items = [];
    for (let at = 0; at < value.length; at++) items.push(at in value ? encode(value[at], depth - 1) : { $: "hole" });
    return items;
  }
  if (value instanceof Map) return { $: "map", entries: [...value].map((entry) => encode(entry, depth - 1)) };
  if (value instanceof Set) return { $: "set", entries: [...value].map((entry) => encode(entry, depth - 1)) };
  if (value instanceof RegExp) return { $: "regexp", text: String(value) };
  if (typeof value.next === "function" && value[Symbol.iterator]) return { $: "iterator", entries: [...value].map((entry) => encode(entry, depth - 1)) };
  const prototype = Object.getPrototypeOf(value);
  const entries = Object.keys(value).map((key) => [key, encode(value[key], depth - 1)]);
  return { $: prototype === Object.prototype || prototype === null ? "object" : "instance", entries };
}

async function outcome(run, values) {
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(() => resolve({ $: "endless" }), SECONDS * 1000); });
  const done = (async () => {
    try {
      return encode(await run(...values));
    } catch {
      return { $: "throws" };
    }
  })();
  const result = await Promise.race([done, late]);
  clearTimeout(timer);
  return result;
}

async function outcomes({ program, unknowns }) {
  let run;
  try {
    run = new AsyncFunction(...unknowns, `"use strict";\n${program}\n`);
  } catch (error) {
    return [{ $: "syntax", message: String(error) }];
  }
  const results = [];
  for (let bits = 0; bits < 1 << unknowns.length; bits++) {
    results.push(await outcome(run, unknowns.map((_, at) => Boolean(bits & (1 << at)))));
  }
  return results;
}

process.on("unhandledRejection", () => {});
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await outcomes(JSON.parse(line))) + "\n");
}
