// What run() returns of what it imports; `// --- path` begins a file beside the config.

// => "1 minute"
return (await import("./infra/a")).t
// --- infra/a.ts
export const t = "1 minute";
export default { d: 1 };
export function f() { return t; }

// => "1 minute"
return (await import("./infra/a.js")).t
// --- infra/a.ts
export const t = "1 minute";
export default { d: 1 };
export function f() { return t; }

// => {"d": 1}
return (await import("./infra/a.ts")).default
// --- infra/a.ts
export const t = "1 minute";
export default { d: 1 };
export function f() { return t; }

// => ["1 minute", "1 minute"]
const { t, f } = await import("./infra/a");
return [t, f()]
// --- infra/a.ts
export const t = "1 minute";
export default { d: 1 };
export function f() { return t; }

// => [{"d": 1}, "1 minute", "1 minute"]
return (await import("./infra/b")).x
// --- infra/a.ts
export const t = "1 minute";
export default { d: 1 };
export function f() { return t; }
// --- infra/b.ts
import d, { t as x0, f } from "./a";
export const x = [d, x0, f()];

// => "1 minute"
return (await import("./infra/b")).all
// --- infra/a.ts
export const t = "1 minute";
export default { d: 1 };
export function f() { return t; }
// --- infra/b.ts
import * as a from "./a";
export const all = a.t;

// => "1 minute"
return (await import("./infra")).t
// --- infra/a.ts
export const t = "1 minute";
export default { d: 1 };
export function f() { return t; }
// --- infra/index.ts
export * from "./a";

// => "1 minute"
return (await import("./infra")).u
// --- infra/a.ts
export const t = "1 minute";
export default { d: 1 };
export function f() { return t; }
// --- infra/index.ts
export { t as u, default as d } from "./a";

// => "1 minute"
return (await import("./infra")).ns.t
// --- infra/a.ts
export const t = "1 minute";
export default { d: 1 };
export function f() { return t; }
// --- infra/index.ts
export * as ns from "./a";

// => 5
return (await import("./infra/x")).y
// --- infra/x.ts
const z = 5;
export { z as y };

// => [1]
return (await import("./data.json")).default.a
// --- data.json
{"a": [1]}

// => 2
return require("./data.json").a
// --- data.json
{"a": 2}

// => 2
return (await import("./m")).n
// --- m.ts
export let n = 1; n += 1;

// => "<function>"
return (await import("./a")).x
// --- a.ts
import { y } from "./b";
export const x = () => y;
// --- b.ts
import { x } from "./a";
export const y = 1;
export const z = () => x;

// => "function"
return (await import("./infra/c")).c()
// --- infra/c.ts
import { d } from "./d";
export const c = () => d();
// --- infra/d.ts
import { c } from "./c";
export const d = () => typeof c;

// => 7
return (await import("@/lib")).v
// --- src/lib.ts
export const v = 7;
// --- tsconfig.json
{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } } // x

// => 8
return (await import("lib/v")).v
// --- src/lib/v.ts
export const v = 8;
// --- tsconfig.json
{"compilerOptions": {"baseUrl": "src",},}

// => 9
return (await import("~/v")).v
// --- v.ts
export const v = 9;
// --- tsconfig.json
{"extends": "./base.json"}
// --- base.json
{"compilerOptions": {"paths": {"~/*": ["./*"]}}}

// => 10
return (await import("#v")).v
// --- package.json
{"imports": {"#v": "./lib/v.js"}}
// --- lib/v.ts
export const v = 10;

// => [1, 2]
const fs = await import("fs");
const r = [];
for (const f of fs.readdirSync("./infra")) r.push((await import("./infra/" + f)).n);
return r
// --- infra/a.ts
export const n = 1;
// --- infra/b.ts
export const n = 2;

// => [1]
const { readdir } = await import("node:fs/promises");
const r = [];
for (const f of (await readdir("infra", { withFileTypes: true }))) if (f.isFile()) r.push((await import(`./infra/${f.name}`)).n);
return r
// --- infra/a.ts
export const n = 1;
// --- infra/x/b.ts


// => [1, true, "b"]
const p = await import("path");
const { readFileSync, existsSync } = await import("fs");
return [JSON.parse(readFileSync(p.join(process.cwd(), "d.json"), "utf8")).a, existsSync("d.json"), p.basename("/a/b.ts", ".ts")]
// --- d.json
{"a": 1}

// => true
return (await import("@pulumi/aws")).s3.Bucket === aws.s3.Bucket

// => {"$unknown": "the package \"some-package\" is not read"}
return (await import("some-package")).x

// => {"$unknown": "\"../outside\" is outside the repository"}
return (await import("../outside")).x

// => {"$unknown": "\"./gone\" is not in the repository"}
return (await import("./gone")).x

// => [1, {"a": 1, "b": 2}]
const c = await import("./c");
return [c.a, c.default];
// --- c.js
exports.a = 1;
module.exports.b = 2;

// => {"x": true}
return (await import("./c")).default;
// --- c.cjs
module.exports = { x: true };
// --- c.ts
import c from "./c.cjs";
export default c;

// => [0, 1]
const space = await import("./counter");
const before = space.count; space.next();
return [before, space.count]
// --- counter.ts
export let count = 0;
export function next() { count += 1; }

// => {"$oneOf": [1, 0]}
const space = await import("./again");
if (process.env.A) space.next();
return space.count
// --- again.ts
export * from "./counter";
// --- counter.ts
export let count = 0;
export function next() { count += 1; }

// => [2, 3, 1]
const { Steps, kind } = await import("./spaces");
Steps.next();
return [Steps.count, Steps.more, kind.parse("x")]
// --- spaces.ts
export namespace Steps { export let count = 1; export const next = () => { count++ } }
export namespace Steps { export const more = count + 2 }
export enum kind { X = 1 }
export namespace kind { export const parse = (text: string) => (text === "x" ? kind.X : 0) }
