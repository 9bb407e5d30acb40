// Runs every program of programs.ts in Node and stores what it gives: node tests/sst/differential/record.mjs
import { readFileSync, writeFileSync } from "node:fs";

const here = new URL(".", import.meta.url);
const text = readFileSync(new URL("programs.ts", here), "utf8");
const recorded = {};
for (const block of text.split(/^\/\/ # /m).slice(1)) {
  const [name, ...lines] = block.split("\n");
  const run = new Function(`return (async () => {\n${lines.join("\n")}\n})()`);
  recorded[name.trim()] = JSON.parse(JSON.stringify({ value: await run() }, (_, v) => (v === undefined ? "$undefined" : Number.isNaN(v) ? "$NaN" : v)));
}
writeFileSync(new URL("expected.json", here), JSON.stringify(recorded, null, 1) + "\n");
