// Small programs of our own, each the body of a function. record.mjs runs them in Node; the interpreter must give the same.

// # arithmetic
return [1 + 2 * 3, 7 / 2, 7 % 3, -7 % 3, 2 ** 10, 0.1 + 0.2, 1 / 3, 10 / 5, 5 - 8, 1e21, 1e-7, 123456789 * 1000];
// # string concatenation
return ["a" + 1, 1 + "a", 1 + 2 + "a", "a" + null, "a" + undefined, "a" + true, "a" + [1, 2], "a" + {}, "" + 0.5, "" + 1e21, "" + -0];
// # comparison
return [1 < 2, "a" < "b", "10" < "9", 10 < "9", null == undefined, null === undefined, 0 == "", "1" == 1, NaN === NaN, "a" === "a"];
// # logic
return [0 || "x", 0 ?? "x", null ?? "x", "" && "y", "a" && "b", !!"false", !0, !"", !null, !{}, undefined || null];
// # bits
return [5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 31, -1 >>> 28, -8 >> 1, 2 ** 32 | 0];
// # typeof
return [typeof 1, typeof "a", typeof undefined, typeof null, typeof {}, typeof [], typeof (() => 1), typeof true];
// # template
const a = 5; const o = { b: "x" };
return [`${a} minutes`, `${o.b}-${a + 1}`, `a\nb${"c"}`, `\${a}`, `${[1, 2]}`, `${null} ${undefined}`];
// # escapes
return ["\n\t\\\"\x41\u0042\u{43}", 'it\'s', "a\
b", "\u00e9"];
// # numbers
return [0x1f, 0b101, 0o17, 1_000, .5, 5., 1e3, 0.1];
// # object literal
const k = "key", v = 1;
return { a: 1, "b-c": 2, [k]: 3, [`${k}2`]: 4, v, 5: "five", m() { return 1; }, get g() { return this.a + 1; } }.g;
// # object spread order
const d = { timeout: "2 minutes", streaming: true };
return [{ ...d, timeout: "3 minutes" }, { timeout: "3 minutes", ...d }, { ...null, ...undefined, a: 1 }, { ...[7, 8] }];
// # conditional spread
const on = true, off = false;
return { ...(on ? { a: 1 } : {}), ...(off && { b: 2 }), ...(on && { c: 3 }), ...(off ? { d: 1 } : undefined) };
// # array spread
const xs = [1, 2];
return [...xs, 3, ...xs, ..."ab", ...new Set([1, 1, 2])];
// # destructuring
const { a = 1, b: { c }, ...rest } = { b: { c: 2 }, d: 3, e: 4 };
const [x, , y = 9, ...more] = [1, 2, undefined, 4, 5];
return [a, c, rest, x, y, more];
// # parameter destructuring
function f({ a, b = a + 1 }, [c, d = c] = [7], ...rest) { return [a, b, c, d, rest]; }
return [f({ a: 1 }), f({ a: 1, b: 5 }, [2, 3], 4, 5)];
// # default parameters
const f = (a, b = a * 2, c = b + 1) => [a, b, c];
return [f(1), f(1, 5), f(1, undefined, 0), f(1, null)];
// # swap
let a = 1, b = 2;
[a, b] = [b, a];
const o = {};
({ x: o.y, z: o["w"] = 4 } = { x: 3 });
return [a, b, o];
// # closures in loops
const fs = [];
for (let i = 0; i < 3; i++) fs.push(() => i);
for (const n of ["a", "b"]) fs.push(() => n);
return fs.map((f) => f());
// # counter closure
function counter() { let n = 0; return { up: () => ++n, get value() { return n; } }; }
const c = counter(); c.up(); c.up();
return c.value;
// # hoisting
return [f(), typeof g];
function f() { return "hoisted"; }
var g = 1;
// # var in blocks
if (true) { var x = 1; }
for (var i = 0; i < 3; i++) {}
return [x, i];
// # shadowing
const x = 1;
{ const x = 2; }
const f = (x) => { if (x) { const x = 5; return x; } return x; };
return [x, f(3), f(0)];
// # for of with continue and break
const out = [];
for (const x of [1, 2, 3, 4, 5]) { if (x === 2) continue; if (x === 4) break; out.push(x); }
return out;
// # labels
const out = [];
outer: for (const a of [1, 2, 3]) { for (const b of [1, 2, 3]) { if (b === 2) continue outer; if (a === 3) break outer; out.push([a, b]); } }
return out;
// # for in
const out = [];
for (const k in { b: 1, a: 2, 2: 3, 1: 4 }) out.push(k);
for (const i in ["x", "y"]) out.push(i);
return out;
// # while and do
let i = 0, n = 0;
while (i < 5) { i++; if (i === 3) continue; n += i; }
do { n++; } while (n < 3);
return [i, n];
// # switch
const f = (x) => { switch (x) { case "a": return 1; case "b": case "c": return 2; default: return 3; } };
const g = (x) => { let r = ""; switch (x) { case 1: r += "1"; case 2: r += "2"; break; default: r += "d"; case 3: r += "3"; } return r; };
return [f("a"), f("b"), f("c"), f("z"), g(1), g(2), g(3), g(9)];
// # try catch finally
const log = [];
function f() { try { log.push("try"); throw new Error("no"); } catch (e) { log.push(e.message); return "caught"; } finally { log.push("finally"); } }
return [f(), log];
// # nested throw
function g() { throw { code: 7 }; }
let r; try { g(); } catch ({ code }) { r = code; }
return r;
// # try without throw
let r = []; try { r.push(1); } catch { r.push(2); } finally { r.push(3); }
return r;
// # assignment operators
let a = 5; a += 2; a *= 3; a -= 1; a /= 4; a **= 2; a %= 7;
let b = null; b ??= 3; b ??= 4; let c = 0; c ||= 5; c &&= 6; let s = "a"; s += 1;
const o = { x: undefined }; o.x ??= "set"; o.y ||= 1;
return [a, b, c, s, o];
// # increment
let i = 1; const a = i++ + ++i; const o = { n: 1 }; o.n++; --o.n; o["n"] += 5;
return [i, a, o];
// # delete and in
const o = { a: 1, b: 2 }; delete o.a; delete o["zz"];
return ["a" in o, "b" in o, Object.keys(o)];
// # optional chaining
const o = { a: { b: () => 5 }, n: null };
return [o?.a?.b?.(), o.x?.y.z.w, o.n?.foo(), o.a.c?.(), o?.["a"].b(), o.x?.[0]];
// # comma and void
let n = 0; const x = (n++, n++, n);
return [x, void 0];
// # iife
return (() => { const a = 1; return a + 1; })() + (function () { return 10; })();
// # async await
const f = async (x) => x + 1; const p = Promise.all([f(1), f(2)]);
return [await f(1), await p, await Promise.resolve(3), await f(5).then((x) => x * 2)];
// # recursion
const fact = (n) => (n <= 1 ? 1 : n * fact(n - 1)); function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
return [fact(10), fib(10)];
// # classes
class A { x = 1; static s = "st"; constructor(y) { this.y = y; } get sum() { return this.x + this.y; } set both(v) { this.x = this.y = v; } m(z) { return this.sum + z; } static make() { return new A(5); } }
class B extends A { z = 3; constructor() { super(2); this.w = this.z; } m(q) { return super.m(q) * 10; } }
const b = new B(); const a = A.make(); a.both = 4;
return [b.m(1), b.w, A.s, a.sum, b instanceof A, a instanceof B, B.make().y];
// # class without constructor
class A { constructor(a, b) { this.v = [a, b]; } } class B extends A {} class C extends B { constructor() { super(...[1, 2]); } }
return [new B(3, 4).v, new C().v];
// # arrow this
class T { n = 2; run() { return [1, 2].map((x) => x * this.n); } }
return new T().run();
// # private and computed members
const k = "dyn"; class P { #p = 4; [k]() { return this.#p; } static { P.q = 9; } }
return [new P().dyn(), P.q];
// # generators
function* g(n) { for (let i = 0; i < n; i++) yield i; yield* ["x", "y"]; }
return [...g(3)];
// # map filter reduce
const xs = [1, 2, 3, 4];
return [xs.map((x) => x * 2), xs.filter((x) => x % 2), xs.reduce((a, b) => a + b), xs.reduce((a, b) => a + b, 10), xs.map((x, i) => i), xs.flatMap((x) => [x, x])];
// # find some every
const xs = [{ n: 1 }, { n: 2 }];
return [xs.find((x) => x.n === 2), xs.find((x) => x.n === 9), xs.findIndex((x) => x.n === 2), xs.some((x) => x.n > 1), xs.every((x) => x.n > 1), [1, 2].includes(2), [1, 2].indexOf(3)];
// # filter boolean
return [[0, "a", null, false, "b", undefined, NaN, ""].filter(Boolean), ["1", "2"].map(Number), [1, 2].map(String)];
// # mutation
const xs = [3, 1, 2]; xs.push(9, 8); xs.unshift(0); const p = xs.pop(); const s = xs.shift(); xs[1] = 7; xs.reverse();
return [xs, p, s, xs.length];
// # sort
return [[3, 1, 10, 2].sort(), [3, 1, 10, 2].sort((a, b) => a - b), ["b", "a", "C"].sort(), [{ n: 2 }, { n: 1 }].sort((a, b) => a.n - b.n), ["b", "a"].toSorted()];
// # slice splice concat
const xs = [1, 2, 3, 4, 5]; const cut = xs.splice(1, 2, "x", "y", "z");
return [xs, cut, xs.slice(1, -1), xs.slice(-2), [1].concat([2, 3], 4, [[5]]), xs.at(-1), [1, [2, [3]]].flat(), [1, [2, [3]]].flat(2)];
// # join
return [[1, null, undefined, "a"].join(), ["a", "b"].join("-"), [].join(), [[1, 2], [3]].join(";")];
// # array from
return [Array.from({ length: 3 }), Array.from({ length: 3 }, (_, i) => i * i), Array.from("abc"), Array.from(new Map([["a", 1]])), Array.of(1, 2), Array(3).fill(0), [...Array(2).keys()], Array.isArray([])];
// # object statics
const o = { b: 1, a: 2 };
return [Object.keys(o), Object.values(o), Object.entries(o), Object.fromEntries([["x", 1], ["y", 2]]), Object.assign({}, o, { c: 3 }), Object.freeze(o).a, Object.entries({ 2: "b", 1: "a", z: 0 }), Object.hasOwn(o, "a")];
// # entries and destructure
const out = []; for (const [k, { t, u = 1 }] of Object.entries({ a: { t: 1 }, b: { t: 2, u: 3 } })) out.push(`${k}${t}${u}`);
return out;
// # fromEntries map
return Object.fromEntries(Object.entries({ a: 1, b: 2 }).map(([k, v]) => [k.toUpperCase(), v * 2]));
// # map and set
const m = new Map([["a", 1]]); m.set("b", 2).set("a", 3); const s = new Set([1, 2, 2]); s.add(3); s.delete(1);
const out = []; for (const [k, v] of m) out.push([k, v]); m.forEach((v, k) => out.push(k));
return [m.get("a"), m.get("z"), m.has("b"), m.size, [...m.keys()], [...m.values()], [...s], s.has(2), s.size, out];
// # string methods
const s = " Hello World ";
return [s.trim(), s.trim().split(" "), s.toLowerCase(), "a-b-c".replace("-", "_"), "a-b-c".replaceAll("-", "_"), "abc".slice(1), "abc".slice(-2), "abc".substring(2, 0), "abc".charAt(1), "abc"[1], "abc".at(-1), "ab".repeat(2), "5".padStart(3, "0"), "5".padEnd(2), "abc".indexOf("c"), "abc".includes("bc"), "abc".startsWith("ab"), "abc".endsWith("bc"), "a".concat("b", 1), "abc".length, "abc".split("")];
// # string regex
return ["GET /users/{id}".replace(/[^a-zA-Z0-9]/g, ""), "a1b22".replace(/\d+/g, "#"), "fooBar".replace(/([A-Z])/g, "-$1"), /^pr-\d+$/.test("pr-12"), /^pr-\d+$/.test("production"), "a,b;c".split(/[,;]/), "x-y-z".replace(/-(.)/g, (_, c) => c.toUpperCase()), "abc".match(/b(c)/)[1], "abc".match(/z/)];
// # pascal case
const pascal = (s) => s.split(/[-_]/).map((p) => p.charAt(0).toUpperCase() + p.slice(1)).join("");
return ["my-cool_name", "x"].map(pascal);
// # number functions
return [Number("12"), Number("x"), Number(""), Number(null), Number(undefined), Number(true), parseInt("42px"), parseInt("x"), parseInt("ff", 16), parseFloat("1.5s"), Number.isInteger(5), (5).toString(), (255).toString(16), isNaN("x"), Number("0x10"), +"3", -"2"];
// # math
return [Math.max(1, 5, 3), Math.min(2, -1), Math.floor(1.7), Math.ceil(1.2), Math.round(2.5), Math.round(-2.5), Math.abs(-3), Math.max(), Math.trunc(-1.5), Math.sqrt(16), Math.max(...[1, 9])];
// # json
return [JSON.stringify({ a: 1, b: [true, null, "x"], c: undefined, d: { e: 1.5 } }), JSON.parse('{"a":[1,2,{"b":null}]}'), JSON.stringify([undefined, () => 1]), JSON.stringify("q\"uote"), JSON.stringify({ a: [] }, null, 2)];
// # shared mutation
const base = { timeout: "1 minute" }; const other = base; other.timeout = "2 minutes"; const f = (o) => { o.x = 1; }; f(base);
return [base, { ...base } === base];
// # nested update
const t = { a: { b: { c: 1 } } }; t.a.b.c = 2; t.a["d"] = [1]; t.a.d.push(2); t.a.d[5 - 3] = 3;
return t;
// # table lookup
const table = { production: "15 minutes", dev: "1 minute" }; const at = (s) => table[s] ?? "30 seconds";
return ["production", "dev", "pr-1"].map(at);
// # call apply bind
function f(a, b) { return [this?.n, a, b]; }
return [f.call({ n: 1 }, 2, 3), f.apply({ n: 4 }, [5, 6]), f.bind({ n: 7 }, 8)(9)];
// # method extraction
const o = { n: 1, m() { return this?.n; } }; const { m } = o;
return [o.m(), (0, o.m).call({ n: 3 })];
// # getter in spread
const o = { get a() { return 5; } };
return { ...o };
// # early return in loop
const f = (xs) => { for (const x of xs) { if (x > 1) return x; } return "none"; };
return [f([0, 2, 3]), f([0])];
// # conditional chains
const f = (s) => (s === "production" ? 3 : s.startsWith("pr-") ? 1 : 2);
return [f("production"), f("pr-1"), f("dev")];
// # compose
const compose = (...fs) => (x) => fs.reduceRight((v, f) => f(v), x); const pipe = (...fs) => (x) => fs.reduce((v, f) => f(v), x);
return [pipe((x) => x + 1, (x) => x * 2)(3)];
// # memo
const cache = {}; const get = (k) => (cache[k] ??= { made: k }); get("a").n = 1; get("a").n++;
return [cache, get("a") === get("a")];
// # duration table
const minutes = (n) => `${n} ${n === 1 ? "minute" : "minutes"}`;
return [1, 5, 15].map(minutes);
// # group
const groups = {}; for (const x of ["a1", "b1", "a2"]) (groups[x[0]] ??= []).push(x);
return groups;
// # infra helper
const made = []; const route = (path, { timeout, ...opts } = {}) => { made.push({ path, timeout: timeout ?? "10 seconds", ...opts }); };
for (const [method, paths] of Object.entries({ GET: ["/a", "/b"], POST: ["/a"] })) paths.forEach((p) => route(`${method} ${p}`, method === "POST" ? { timeout: "1 minute", url: true } : undefined));
return made;
// # number formatting
return ["" + 1.5, "" + 100, "" + 1e-7, "" + 123456789012345680000, "" + 0.000001, String(-1.25), `${1 / 3}`];
// # unicode
return ["é".length, "😀".length, [..."😀a"].length, "ß".toUpperCase()];
// # locale compare
return ["b", "a", "c"].sort((x, y) => x.localeCompare(y));
// # structured clone
const a = { x: [1, { y: 2 }] }; const b = structuredClone(a); b.x[1].y = 3;
return [a, b];
// # promise all map
const make = async (n) => ({ n }); const all = await Promise.all(["a", "b"].map(async (n) => (await make(n)).n + "!"));
return all;
// # spread arguments
const f = (...xs) => xs.length; const g = (a, ...r) => [a, r];
return [f(...[1, 2], 3, ..."ab"), g(...[1, 2, 3])];
// # nullish default chain
const cfg = { a: { b: 0 } };
return [cfg.a?.b ?? 5, cfg.c?.b ?? 5, cfg.a.b || 5, (cfg.d ?? {}).x];
// # sequence of ifs
const f = (n) => { let r = []; if (n > 1) r.push("a"); else if (n === 1) r.push("b"); else { r.push("c"); } if (!n) return "zero"; return r; };
return [f(2), f(1), f(0)];
// # delete in loop
const o = { a: 1, b: 2, c: 3 }; for (const k of Object.keys(o)) if (o[k] > 1) delete o[k];
return o;
// # array holes and length
const xs = [1, 2, 3]; xs.length = 0; xs.push(4);
return xs;
// # instance fields and inheritance of statics
class Base { static registry = []; static add(x) { this.registry.push(x); return this; } } class Sub extends Base {}
Sub.add(1).add(2);
return [Base.registry, Sub.name];
// # error objects
const e = new TypeError("bad"); return [e.message, e.name, e instanceof TypeError, e instanceof Error];
// # tagged template
const tag = (s, ...v) => s.join("|") + v.join(",");
return tag`a${1}b${2}c`;
// # enum like
const Level = Object.freeze({ LOW: "low", HIGH: "high" });
return Object.values(Level).map((l) => l.toUpperCase());
// # object with function values
const handlers = { a: (x) => x + 1, b(x) { return x * 2; } };
return Object.keys(handlers).map((k) => handlers[k](5));
// # while with shift
const q = ["a", "b"], out = []; while (q.length) { const x = q.shift(); out.push(x); if (x === "a") q.push("c"); }
return out;
// # loose string number
return ["5" * "2", "5" - 2, "a" * 1, true + 1, null + 1, [] + 1, "3" > 2];
// # define property
const o = {}; Object.defineProperty(o, "a", { value: 1, enumerable: true }); Object.defineProperty(o, "b", { get: () => 2, enumerable: true });
return [o.a, o.b];
// # from the right
return [[1, 2, 3].reduceRight((a, b) => a * 10 + b), [1, 2, 3].findLast((x) => x < 3), ["a", "b"].reduceRight((v, f) => v + f, "")];
// # string regex optional group
return ["prod", "production", "prods"].map((s) => /^prod(uction)?$/.test(s)).concat("v12".match(/^v(\d+)(-rc)?$/).slice(0, 2), "ad,abd,acd".replace(/a(?:b|c)?d/g, "-"));
// # finite
return [isFinite(1), isFinite("x"), isFinite(1 / 0), isFinite("5"), isFinite(null)];
// # powers
return [1 ** undefined, 2 ** -1, (-8) ** (1 / 3), 1 ** Infinity, 0 ** 0, { ..."ab" }, ((a, b = 1) => a).length];
// # instances of classes of JavaScript
class A {} const is = (x) => [Array, RegExp, Function, Map, Set, Error, Object, A].map((kind) => x instanceof kind);
return [is([]), is(/a/), is(() => 1), is(A), is(new Map()), is(new Set()), is(new Error("x")), is({}), is(new A()), is("a"), is(null)];
// # what kind a value is
const tag = (x) => Object.prototype.toString.call(x); const own = (o, k) => Object.prototype.hasOwnProperty.call(o, k);
return [[{}, [], "a", 1, 1.5, true, null, undefined, /a/, new (class {})()].map(tag), own({ a: 1 }, "a"), own({ a: 1 }, "toString")];
// # promises that are rejected
const no = async (why) => { throw new Error(why); }; const log = [];
const first = await no("one").catch((e) => e.message); const second = await Promise.reject(2).catch((x) => x + 1);
const third = await Promise.resolve(3).catch(() => 4).finally(() => log.push("finally"));
try { await no("five").finally(() => log.push("last")); } catch (e) { log.push(e.message); }
return [first, second, third, log];
// # fields of classes
class T { static base = 4; static long = `${T.base * 2} minutes`; static make() { return 1; } static get twice() { return T.base * 2; } static #hidden = 1; }
class P { a = 1; #b = 2; constructor() { this.c = 3; } get d() { return this.#b; } e() {} }
const f = () => 1; f.x = 1; const seen = []; for (const key in new P()) seen.push(key);
return [{ ...T }, Object.keys(T), { ...new P() }, Object.entries(new P()), { ...f }, seen, new P().d, T.twice, Object.values(T).length];
