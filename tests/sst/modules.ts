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

// => {"$output": 4}
const { output } = await import("@pulumi/pulumi"); return output(4)

// => ["production", "<pulumi.getProject.>", {"$output": "a1"}, {"$output": "ab"}]
import("@pulumi/pulumi"); const p = await import("@pulumi/pulumi"); return [p.getStack(), p.getProject(), p.interpolate`a${1}`, p.concat("a", "b")]

// => ["repository", "sst.config.ts", true, true, true]
return [__dirname.split("/").at(-1), __filename.split("/").at(-1), import.meta.dirname === __dirname, import.meta.filename === __filename, import.meta.url.startsWith("file://")]

// => {"$unknown": "import.meta is known only at run time"}
return import.meta.env

// => {"$unknown": "`new.target` is known only at run time"}
function F() { return new.target } return F()

// => 1
const { broken } = await import("./broken"); return broken
// --- broken.ts
export const broken = 1; const = 2;

// => {"$unknown": "whether `Provider` exists is known only at run time"}
const { Provider } = await import("@pulumi/aws"); return typeof Provider

// => "<github.Repository.name>"
const g = await import("@pulumi/github"); return new g.Repository("R", {}).name

// => "<stripe.Product.id>"
const g = await import("pulumi-stripe"); return new g.Product("P", {}).id

// => "<upstash.RedisDatabase.endpoint>"
const g = await import("@upstash/pulumi"); return new g.RedisDatabase("D", {}).endpoint

// => {"$unknown": "\"gone.txt\" is not in the repository"}
const fs = await import("fs"); return fs.readFileSync("gone.txt", "utf8")

// => [{"$unknown": "\"gone.txt\" is not in the repository"}, true, true, "text", ["b.txt"], true, true]
const fs = await import("node:fs"); return [fs.existsSync("gone.txt"), fs.existsSync("a/b.txt"), fs.existsSync("a"), fs.readFileSync("a/b.txt", "utf8"), fs.readdirSync("a"), fs.statSync("a").isDirectory(), fs.statSync("a/b.txt").isFile()]
// --- a/b.txt
text

// => [["a", "sst.config.ts"], [["b.txt", false]], {"$unknown": "listing a folder recursively is not supported"}]
const fs = await import("fs"); return [fs.readdirSync("."), fs.readdirSync("a", { withFileTypes: true }).map((e) => [e.name, e.isDirectory()]), fs.readdirSync("a", { recursive: true })]
// --- a/b.txt
text

// => [{"$unknown": "the path of a file that the program reads is unknown"}, {"$unknown": "whether the file exists is unknown"}, {"$unknown": "the path of the file is unknown"}, {"$unknown": "the folder is unknown: process.env.X is set outside the repository"}]
const fs = await import("fs"); return [fs.readFileSync(process.env.X), fs.existsSync(process.env.X), fs.statSync(process.env.X), fs.readdirSync(process.env.X)]

// => {"$unknown": "\"gone\" is not in the repository"}
const fs = await import("fs"); try { return fs.statSync("gone").size } catch { return "none" }

// => ["b", true, "b", ".ts", "a/b", "../c", "/", {"$unknown": "only a part of path is supported"}, "a/c", {"$unknown": "process.env.X is set outside the repository"}]
const path = await import("path"); return [path.join("a", "..", "b"), path.resolve("a").endsWith("/a"), path.basename("a/b.ts", ".ts"), path.extname("a.b.ts"), path.dirname("a/b/c"), path.relative("a/b", "a/c"), path.sep, path.win32, path.normalize("a//b/../c"), path.join("a", process.env.X)]

// => ["/a/b", {"$unknown": "the path of the file is unknown"}]
const url = await import("url"); return [url.fileURLToPath("file:///a/b"), url.fileURLToPath(process.env.X)]

// => ["text", {"$unknown": "only a part of fs/promises is supported"}, ["b.txt"]]
const fs = await import("fs/promises"); return [await fs.readFile("a/b.txt", "utf8"), (await fs.stat("a")).isDirectory(), await fs.readdir("a")]
// --- a/b.txt
text

// => "$undefined"
const { gone } = await import("./a"); return gone
// --- a.ts
export const here = 1;

// => [["b", "x", "y", "z"], true, "$undefined"]
const all = await import("./a"); return [Object.keys(all), "x" in all, all.nothing]
// --- a.ts
export * from "./b"; export const y = 2; export { x as z } from "./b"; export * as b from "./b";
// --- b.ts
export const x = 1; export default 5;

// => [[1, null], [1, null]]
const all = await import("./a.json"); return [all.default.k, all.k]
// --- a.json
{ "k": [1, null] }

// => ["<function>", "<function>", "function", 3]
const all = await import("./a"); return [all.default, all.f, typeof all.K, new all.K().v]
// --- a.ts
export default function f() { return 1 } export { f }; export class K { v = 3 } export let later = 1; later = 2;

// => [1, 1]
const m = await import("./c"); return [m.default.a, m.a]
// --- c.js
exports.a = 1; module.exports.b = 2;

// => [{"k": 1}, [2, 3], {"k": 1, "here": "function"}, {"k": 1, "here": "function"}, 3]
return [require("./d.json"), require("./l.json").map((n) => n + 1), require("./c"), (await import("./c")).default, require("./e").x]
// --- d.json
{ "k": 1 }
// --- l.json
[1, 2]
// --- c.js
module.exports = { ...require("./d.json"), here: typeof require };
// --- e.ts
export const x = 3;

// => {"$unknown": "process.env.WHICH is set outside the repository"}
const { a } = await import(process.env.WHICH ?? "./a"); return a

// => "<function>"
const m = await import("./" + "a"); return m.a
// --- a.ts
import { b } from "./b"; export const a = () => b; export let n = 1;
// --- b.ts
import { n } from "./a"; export const b = "b"; export const early = () => n;

// => [5, 5, 4, {"$unknown": "globalThis is known only at run time"}]
(globalThis as any).kept = 5; await import("./infra/a"); return [(global as any).kept, kept, more, (global as any).other]
// --- infra/a.ts
(globalThis as any).more = 4;

// => ["b"]
const log = (globalThis as any).log = [] as string[]; await import("./infra/a"); return log
// --- infra/a.ts
(globalThis as any).log.push("b");

// => [5, 1]
class Base { a = 1 } class P extends Base { x = this.a; constructor(public a: number) { super() } } const p = new P(5); return [p.a, p.x]

// => [0, 1, 2]
let n = 0; class P { constructor(private q = n++) {} get v() { return this.q } } return [new P().v, new P().v, n]

// => [{"$unknown": "`q` is read before it is set"}, 2]
class Base {} class P extends Base { constructor(public r = super() as any, public q: number) {} } class Q { constructor(public { a }: any, public b: number) {} }
return [new P(undefined, 2).q, new Q({}, 2).b]

// => ["a/b/", "/a", "/", ".", ".", "..", ".a", "", "", "", "..", "a/", true]
const { join, dirname, normalize, extname, basename, relative, isAbsolute } = await import("node:path");
return [join("a", "b/"), join("/", "..", "a"), dirname("/"), dirname("a"), join(), join("a", "..", ".."), extname("..a"), extname(".a"), basename(".ts", ".ts"), relative("a", "a"), relative("a/b", "a"), normalize("a//"), isAbsolute("/a")]
