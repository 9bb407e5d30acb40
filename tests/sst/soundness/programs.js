// Programs that once had a wrong value, and their siblings: each line is the body of an async function; A and B are undecided.

// arguments that were dropped
return ["b", "c", "b"].lastIndexOf("b", 1)
return [7, 8, 7, 8].indexOf(8, -1)
return [7, 8, 9].includes(7, 1)
return [0, 0, 0, 0].fill(5, 1, -1)
return "banana".lastIndexOf("an", 2)
return ["deploy.ts".endsWith("deploy", 6), "deploy.ts".startsWith("ts", 7), "deploy".includes("dep", 1)]
return "a.b.c".split(".", 2)
return ["10", "10", "10"].map(parseInt)
return [4, 5, 6].map(function () { return this.k }, { k: 1 })
return "abc".localeCompare("abd", "en", { sensitivity: "base" }) < 0
return Array.from([1, 2], (v, at) => v * 10 + at)
return JSON.stringify({ a: 1, b: [2] }, ["a"])
return JSON.parse("[1]", (key, value) => value)
return (3).toString(2) + (255).toString(36)

return [[1, 2, 1].lastIndexOf(1, 9), [1, 2, 1].lastIndexOf(1, -9), "abc".substr(-2, 1), "abc".substr(1, -1), "abc".substr(1)]
return [[1, 2, 3].with(-1, 9), [1, 2, 3].with(0, 9), [1, 2, 3].toSpliced(1, 1, 7, 8)]
try { return [1].with(1, 2) } catch (e) { return e.name }
try { return [1].with(-2, 2) } catch (e) { return e.name }
return [[1, 2, 3, 4].copyWithin(0, 2), [1, 2, 3, 4].copyWithin(1, 0, 2), [1, 2, 3].splice(-2, 1), [1, 2, 3].splice(1)]

return [[7, 8, 9].includes(9, -4), [7, 8, 9].includes(7, -4), [7, 8, 9].includes(7, -2), [7, 8, 9].indexOf(7, -9)]
const m = new Map(); m.set(A ? "x" : "y", 1); return [m.has("x"), m.size, m.get("y")]
const s = new Set(); s.add(-0); return Object.is([...s][0], 0)

// from the end
return [4, 5, 6, 7].findLast((v, at) => at < 2)
return [4, 5, 6, 7].findLastIndex((v) => v % 2 === 1)
return ["x", "y", "z"].reduceRight((all, v, at) => all + v + at, "")
return [1, 2, 3, 4].findLast((v) => A ? v < 3 : v < 2)

// UTF-16
return ["🚀 go".length, "🚀 go".slice(2), "🚀 go".indexOf("go"), "🚀".charCodeAt(1), "🚀".codePointAt(0)]
return ["🚀x".at(1) === "\ude80", [..."🚀x"].length, "🚀x".split("").length, "x🚀".padEnd(4, "-")]
return "\ud83d" + "\ude80" === "🚀"
return "a🚀b".replaceAll("", "-").length
return ["\uffff" < "🚀", ["🚀", "\uffff"].sort()[0] === "🚀"]

// numbers
return [[NaN].includes(NaN), [NaN].indexOf(NaN), Object.is(-0, 0), 1 / -0, Math.round(-0.4) === 0, Math.max(-0, 0)]
return [(1.005).toFixed(2), (2.5).toFixed(0), (-1.5).toFixed(0), (0.000001234).toFixed(8), (1e21).toFixed(2)]
return [String(1e21), String(1.5e-7), String(123456789012345680000), String(0.000001), String(-1e-7)]
return [Number(""), Number("0x1f"), Number("1_0"), Number("Infinity"), Number("12px"), Number([7]), Number([1, 2])]
return [parseFloat("1.5e3x"), parseFloat(".5"), parseFloat("-.5e-2"), parseInt("08"), parseInt("0x1G"), parseInt("z", 36)]
return [5.5 % 2, -5 % 5, 2 ** -1, 10 ** 15, (-8) ** (1 / 3), 7 & -8, 1 << 31, -1 >>> 0]
return [(1234.5678).toPrecision(6), (0.00001).toPrecision(1), (123456).toPrecision(2)]
return [Math.round(2.5), Math.round(-2.5), Math.trunc(-0.5) === 0, Math.sign(-3), Math.hypot(3, 4) === 5]

// holes
return [, 1, , 2].map((v) => v * 2).length
const seen = []; [, 1, , 2].forEach((v, at) => { seen.push(at) }); return seen
return [[, 1].filter(() => true), [, 1].some((v) => v === undefined), [, 1].includes(undefined), [, 1].indexOf(undefined)]
return new Array(3).map((_, at) => at).length + [...new Array(2)].map((_, at) => at).length
const a = []; a[2] = 1; return [a.length, 0 in a, Object.keys(a), a.join("-")]
const a = [1, 2, 3]; delete a[1]; return [a.length, a.flat().length, a.reduce((s, v) => s + v, 0)]
const a = [3, , 1, undefined, 2]; a.sort(); return [a.length, a[0], a[2], Object.keys(a).length]
const a = [1, 2, 3]; a.length = 1; a.length = 2; return [a[0], a[1], a.findIndex((v) => v === undefined)]

// array-likes, matches, templates
return Array.from({ length: 2, 0: "a", 1: "b" })
return Array.from({ length: 3 }, (_, at) => at * at)
const found = "v12.3".match(/(\d+)\.(\d+)/); return [found.index, found[1], found.length, found.input]
return [..."a1b22".matchAll(/\d+/g)].map((found) => [found[0], found.index])
return ["x-1".replace(/(\w)-(\d)/, "$2$1$$"), "abc".replace("b", "[$`|$&|$']"), "aa".replace(/a/g, (m, at) => at)]
const tag = (texts, ...values) => texts.join("|") + values.join(); return tag`a${1}b${2}c`
const tag = (texts) => texts.raw[0]; return tag`a\n`
return /\s/.test("\u00a0") && "\u2028".trim() === "" && !/^.$/.test("\u2028")
return ["a1b".split(/\d/), "a b  c".split(/ +/), "abc".search(/c/), /(x)?y/.exec("y")[1]]

// identity and objects
const o = Object.freeze({ a: 1 }); try { o.a = 2 } catch (e) { return e instanceof TypeError } return o.a
const a = Object.freeze([1]); try { a.push(2) } catch { return "frozen" } return a
const o = { a: 1 }; if (A) Object.freeze(o); try { o.a = 2 } catch { return "frozen" } return o.a
const o = { a: 1 }; return [{}.hasOwnProperty.call(o, "a"), Object.prototype.hasOwnProperty.call(o, "b"), Object.hasOwn(o, "a")]
const push = [].push; const a = [1]; push.call(a, 2); push.apply(a, [3]); return a
const { slice } = "abcd"; return slice.call("wxyz", 1, 3)
const it = ["a", "b"].entries(); const one = it.next().value; return [one, [...it], [...it]]
const o = { 10: "x", 9: "y", a: "z", "-1": "w" }; return Object.keys(o)
class Box { constructor(given) { Object.assign(this, given) } } return new Box({ size: 5 }).size
return [typeof Math.hypot, typeof [].at, typeof "".normalize, [].nothing, typeof Object.groupBy]
return Object.fromEntries(new Map([["a", 1], ["b", 2]]).entries())
const m = new Map([[NaN, 1], [0, 2]]); m.set(-0, 3); return [m.get(NaN), m.get(0), m.size]
return [[1, [2, [3, [4]]]].flat(Infinity).length, [[1], 2].concat([3], 4, [[5]]).length]
return [..."ab"].concat(A ? "yes" : ["no", "no"])

// order and comparison
return [3, 1, 2].sort((a, b) => a > b)
return [{ k: 1, v: "a" }, { k: 0, v: "b" }, { k: 1, v: "c" }].sort((a, b) => a.k - b.k).map((one) => one.v)
return [10, 9, 1, undefined, "b", "B"].sort()
return [[2] > 1, "b" > "a", null >= 0, undefined == null, [1] == 1, "1" == 1, NaN != NaN, ({}) == "[object Object]"]

// JSON
return JSON.stringify({ u: undefined, n: null, f() {}, d: NaN, z: -0, e: 1e-7, big: 1e21, s: "\u2028\ud800" })
return JSON.stringify({ a: [], b: {}, c: [1, { d: 2 }] }, null, 2)
return JSON.stringify([undefined, () => 1, , 2], null, "--")
return [JSON.parse("1e3"), JSON.parse("-0") === 0, 1 / JSON.parse("-0"), JSON.parse('{"a":1,"a":2}')]
try { return JSON.parse("{oops") } catch (e) { return e.name }
try { return JSON.parse(A ? "[1]" : "[") } catch { return "bad" }

// promises
const p = Promise.reject(new Error("x")); try { await p } catch (e) { return e.message } return "no"
return await Promise.resolve(1).then((v) => v + 1, () => "failed").finally(() => 9)
return await Promise.reject(1).then(() => "ok", (why) => "failed " + why)
return await Promise.reject(1).catch((why) => why + 1)
return (await Promise.allSettled([1, Promise.reject(2)])).map((one) => one.status)
try { return await Promise.all([1, Promise.reject(2)]) } catch (why) { return ["caught", why] }
return await new Promise((resolve, reject) => { resolve(1); reject(2) })
const f = async () => { if (A) throw new Error("a"); return 1 }; return await f().then((v) => v + 1, () => 0)

// callbacks that may not run
let runs = 0; [1, 2, 3].find((v) => { runs++; return A && v === 1 }); return runs
let runs = 0; [1, 2, 3].every((v) => { runs++; return A || v < 2 }); return runs
const a = [1, ...(A ? [2] : []), 3]; a.reverse(); return a[0]
const a = [3, ...(A ? [1] : [])]; a.sort(); return a[0]
const a = [1]; if (A) a.push(2); a.pop(); return a.length
const m = new Map(); if (A) m.set("k", 1); return [m.has("k"), m.size, [...m.keys()].length, m.delete("k")]
const o = {}; if (A) o.k = 1; return [Object.keys(o), Object.hasOwn(o, "k"), Object.entries(o), JSON.stringify(o)]
const s = new Set([1]); if (A) s.add(2); let sum = 0; s.forEach((v) => { sum += v }); return sum
const o = Object.fromEntries([["a", 1], ...(A ? [["b", 2]] : [])]); return Object.keys(o).length
const copy = structuredClone({ a: [1, , 2], ...(A ? { b: 1 } : {}) }); return ["b" in copy, copy.a.length, 1 in copy.a]

// evaluation order, loops, errors, comparisons
class K { f(){ return 1 } } K.prototype.f=()=>2; return new K().f()
try { const c=1; c=2 } catch(e) { return e.name }
try { x=1; let x } catch(e) { return e.name }
try { 1n+1 } catch(e) { return e.name }
try { JSON.stringify(1n) } catch(e) { return e.name }
try { const a={}; a.a=a; JSON.stringify(a) } catch(e) { return e.name }
try { [...1] } catch(e) { return e.name }
try { for(const x of {}) ; } catch(e) { return e.name }
try { new Map([1]) } catch(e) { return e.name }
try { Object.defineProperty(Object.freeze({}),"a",{value:1}) } catch(e) { return e.name }
try { "abc".length=1 } catch(e) { return e.name }
try { "x" in "abc" } catch(e) { return e.name }
try { ({}) instanceof 5 } catch(e) { return e.name }
try { null[Symbol.iterator] } catch(e) { return e.name }
try { Object.fromEntries([1]) } catch(e) { return e.name }
try { class K { #p; static g(o){ return o.#p } } K.g({}) } catch(e) { return e.name }
try { (function f(){ f() })() } catch(e) { return e.name }
let n=0; const f=(v)=>{ n++; return v }; switch(A?1:2) { case f(1): break; case f(2): break; case f(3): break } return n
let n=0; const f=(v)=>{ n++; return v }; switch(A?1:9) { case f(1): n+=10; break; default: n+=100; case f(2): n+=1000 } return n
var fs=[]; for(var i in {a:1,b:2}) fs.push(()=>i); return fs.map(f=>f())
function f(...a){ return a.length } return [f.length,f(),f(1,2),f(...(A?[1]:[]),2)]
let n=0; const {x=(()=>{ n++; return 1 })()}={x:A?undefined:2}; return [x,n]
let n=0; const {x=n++,y=n++}=A?{x:5}:{}; return [n,x,y]
let n=0; const [x=n++,y=n++]=A?[5]:[]; return [n,x,y]
let n=0; const f=(x=n++)=>x; f(A?1:undefined); return n
let n=0; const o={get x(){ n++; return A?null:1 }, set x(v){ n+=10 }}; o.x??=2; return n
const o=A?{x:1}:null; delete o?.x; return o
return [1<2<3, 3>2>1, "b"+"a"+ +"a"+"a", [] + {}, [] == ![], null + 1]
return [A&&1, B||2, A??3]
const u=JSON.parse(process.env.NOPE||"[5]"); const a=[...u,1]; return a[0]
const a=[1,2]; a.push(...(A?[3]:[]),4); return [a.length,a[2]]
const a=[1,2]; a.unshift(...(A?[3]:[]),4); return [a.length,a[0]]
const a=[1,2]; a.splice(1,0,...(A?[3]:[]),4); return a
return Array.of(...(A?[3]:[]),4).length
return new Array(...(A?[3]:[]),4).length
const f=(...r)=>r; return f.call(null,...(A?[3]:[]),4).length
const f=(...r)=>r; return f.apply(null,A?[3]:[]).length
const f=(...r)=>r; return f.bind(null,...(A?[3]:[]))(1).length
class K { constructor(...r){ this.n=r.length } } return new K(...(A?[3]:[]),1).n

// generators, classes, descriptions of properties
let x=0; function* g(){ x=1; yield 1; x=2; yield 2; x=3 } const r=[]; for(const v of g()) r.push(x); return [r,x]
let x=0; function* g(){ x=1; yield 1; x=2; yield 2 } const it=g(); const before=x; it.next(); return [before,x]
let x=0; function* g(){ x++; yield x } g(); return x
let x=0; function* g(){ yield 1; x=5; yield 2 } const [a]=g(); return [a,x]
let log=[]; async function* g(){ log.push("s"); yield 1; log.push("e") } for await(const v of g()) log.push(v); return log
let s=0; function* g(){ for(const i of [1,2,3]){ s+=i; yield i } } for(const v of g()) if(A&&v===2) break; return s
let c=0; function* g(){ c++; yield 1; c++; yield 2; c++ } const [,b]=g(); return [b,c]
function* g(){ yield 1; yield 2 } return g().toArray ? 1 : 0
function* g(){ yield 1 } return typeof g().next
function* g(){ yield 1 } return Object.prototype.toString.call(g())
function* g(){ yield 1; } const it=g(); return [...it,...it]
class K { constructor(){ if(A) return {z:1}; this.z=2 } } return new K().z
class K { constructor(a,b=2){} } return [K.length,K.name]
const K=class {}; return K.name
class K { static [Symbol.hasInstance](x){ return x===1 } } return [1 instanceof K, 2 instanceof K]
class M1 extends Map { getOr(k,d){ return this.has(k)?this.get(k):d } } const m=new M1([["a",1]]); return [m.getOr("a",0),m.getOr("b",9),m.size]
class E1 extends Error {} try { throw new E1("m") } catch(e) { return [e.message,e instanceof E1,e.name,String(e)] }
class K { get v(){ return 1 } } const k=new K(); try { k.v=2 } catch(e) { return e.name } return k.v
class K { static get v(){ return 1 } static set v(x){ K.w=x } } K.v=5; return [K.v,K.w]
try { class C extends null {} new C() } catch(e) { return e.name }
const a=[1,2,3]; let n=0; for(const x of a) { n+=x; if(x===1) a.push(10) } return n
const a=[1,2,3]; let n=0; for(const x of a) { n+=x; a.length=2 } return n
const a=[1,2,3]; let n=0; for(const x of a) { if(x===1) a.shift(); n+=x } return n
const a=[1,2,3]; return a.reduce((s,x,i)=>{ if(i===1) a[2]=100; return s+x })
const m=new Map([["a",1]]); let n=0; for(const [k,v] of m) { n+=v; if(n<3) m.set(k+"x",v) } return n
const m=new Map([["a",1],["b",2]]); const r=[]; for(const k of m.keys()) { r.push(k); m.delete("b") } return r
const s=new Set([1]); for(const x of s) if(x<4) s.add(x+1); return [...s]
const r=[]; const s=new Set([1,2,3]); s.forEach(x=>{ r.push(x); if(x===1) s.delete(2) }); return r
const o={a:1,b:2}; const r=[]; for(const k in o) { r.push(k); delete o.b } return r
const o={a:1,b:2}; const r=[]; for(const k in o) { r.push(k); if(A) delete o.b } return r
const r=[]; for(const k in [7,,8]) r.push(k); return r
const r=[]; const a=[1]; a.x=2; for(const k in a) r.push(k); return r
const f=x=>x; return [f.name,(()=>{}).name,(function(){}).name,({m(){}}).m.name,({k:()=>1}).k.name]
const t=(s)=>s; const f=()=>t`a`; return f()===f()
const t=(s)=>s===t.last?"same":(t.last=s,"new"); const f=()=>t`a`; return [f(),f()]
for(const k in [1,...(A?[2]:[])]) if(k==="1") return "two"; return "one"
const o={get a(){ return 1 }}; try { o.a=2 } catch(e) { return e.name } return o.a
const o={a:1}; Object.defineProperty(o,"b",{value:2}); return [Object.keys(o),o.b,JSON.stringify(o)]
const o={}; Object.defineProperty(o,"b",{value:2}); try { o.b=3 } catch(e) { return e.name } return o.b
const o={a:1}; Object.defineProperty(o,"a",{enumerable:false}); return [Object.keys(o),o.a]
const o={a:1}; Reflect.deleteProperty(o,"a"); return Object.keys(o)
const o={__proto__:{x:1}}; return [o.x,Object.keys(o)]
const o={a:1}; o.__proto__={b:2}; return [o.b,Object.keys(o)]
let n=0; const o={get a(){ return ++n }}; JSON.stringify(o); Object.values(o); return n
class K { x=1; m(){ return 2 } } const c=structuredClone(new K()); return [c.x,typeof c.m,c instanceof K]
const o={a:1}; o.self=o; const c=structuredClone(o); return c.self===c
const m=new Map(); const k={}; m.set(k,1); return structuredClone(m).get(k)
try { new RegExp("[") } catch(e) { return e.name }
return typeof new String("a")
return new Boolean(false)?1:2
return [new String("a")=="a",new String("a")==="a"]
const a = [...(A ? [5] : []), 1]; return a.map((n, at) => at)
const a = [...(A ? [5] : []), 1]; let s = ""; a.forEach((n, at) => { s += at + n }); return s
const a = [...(A ? [5] : []), 1]; return [...a.entries()].map(([at, n]) => at * 10 + n)

// promises that nothing waits for
const f = async () => false; if (f()) return 1; return 2
const f = async () => ({ a: 1 }); return f().a
const f = async () => "a"; const o = { a: 1 }; return o[f()]
const f = async () => null; return f() ?? "d"
const f = async () => 1; return [f() === f(), f() === 1, f() instanceof Promise, typeof f()]
const f = async () => 1; const o = { v: f() }; return [await o.v, await f() + 1, await Promise.all([f(), 2])]
const all = [1, 2].map(async (x) => x * 2); return [all[0] === 2, await Promise.all(all)]
return [[1, 2].filter(async (x) => x > 1), [1].some(async (x) => x > 5), [3, 1].find(async (x) => x === 1)]
const t = { then(done) { done(7) } }; return await t
const seen = []; setTimeout(() => seen.push("t"), 0); return seen.length
const f = async () => { if (A) throw new Error("a"); return 1 }; const p = f(); try { return await p } catch (e) { return e.message }
const f = async () => 2; return await f().then((n) => n + 1)
let v = 1; const f = async () => { await null; v = 2 }; const p = f(); const early = v; await p; return [early, v]

// waiting for several promises
let v = 1; const f = async () => { await null; v = 2 }; await Promise.all([f()]); return v

// entries and elements under a condition
const m = new Map(Object.entries(B ? { p: 1 } : {})); if (A) { m.clear(); if (!A) m.set("p", 5) } return [m.get("p"), m.has("p")]
const n = A ? 0 : 5; return [n, 1].filter((x) => B).map((x) => x + 1)

// what throws after an early end in a loop
for (const n of [1, 2]) { if (A) continue; throw new Error("a") } return 1
for (const n of [1, 2]) { if (A) break; throw new Error("a") } return 1
for (const n of [1, 2]) { if (A) break; if (n === 2) throw new Error("a") } return 1
let i = 0; while (i < 2) { i++; if (A) break; if (i === 2) throw new Error("a") } return i
for (let i = 0; i < 2; i++) { if (A) continue; if (B) break; throw new Error("a") } return 1
let s = ""; switch (1) { case 1: if (A) break; throw new Error("a") } s += "on"; return s
l: { if (A) break l; throw new Error("a") } return 2
let r = 0; try { for (const n of [1, 2]) { r = n; if (A) continue; throw new Error("a") } r += 10 } catch { r += 100 } return r
const a = [1, 9]; if (A) a.push(...[2]); const b = [...new Set(a)].concat([7]); b[1] = 8; return b

let n = 0; const a = []; for (const x of JSON.parse(process.env.NOPE || "[5]")) a.push(x); a.some((x) => { n += 1 }); return n

// holes of which it is unknown whether they are there
const a = [5].concat(A ? [] : [, 1]); return [a.map(() => 1), a.length, a[1], Object.keys(a), a.filter(() => true), a.forEach(() => 1)]
let a = [1, , 2]; if (A) a.length = 1; return [a.map(() => 1), a.length, a[1], a.filter(() => true)]
let a = [1, , 2]; if (A) a[1] = 5; return [a.map(() => 1), a.length, a[1], a.filter(() => true), Object.keys(a)]
let a = [1, 3, 2]; if (A) delete a[1]; return [a.map(() => 1), a.length, a[1], a.filter(() => true), Object.keys(a), 1 in a]
let a = [1, , 2]; a[A ? 1 : 0] = 7; return [a.map(() => 1), a.length, a[1], a.filter(() => true)]

// records, Maps and Sets of arrays whose elements are not all certain
return new Map([["a", 1], ...(A ? [["a", 2]] : [])]).get("a")
const u = JSON.parse(process.env.NOPE || '[["a",3]]'); return [new Map([["a", 1], ...u]).get("a"), new Map([["a", 1], ...u]).size]
const u = JSON.parse(process.env.NOPE || '[["a",3]]'); const o = Object.fromEntries([...(A ? [["b", 1]] : []), ...u]); return [o, "b" in o, Object.keys(o).length]
const k = process.env.NOPE || "x"; const o = Object.fromEntries([...(A ? [["b", 1]] : []), [k, 2]]); return [o, "b" in o, Object.keys(o).length]
const m = new Map([["a", 1]]); if (A) m.set("b", 2); const n = new Map([["b", 7], ...m]); return [[...n], n.get("a"), n.get("b"), n.size, new Map(n).get("b"), new Map(m).size]
const s = new Set(A ? [1, 2] : [2, 3]); return [s.size, s.has(1), s.has(2), [...s], s]
let n = 1; let a = [, , 2]; if ((a.find((x) => x === 2 || B) ?? 1) > 1) a = a.filter(() => A); try { let { p = (n += 1) } = Object.fromEntries(a.map(() => [])) } catch {} return n
return [{ ...[...(A ? [1] : []), 2] }, { 1: 5, ...[...(A ? [1] : []), 2, 3] }, Object.assign({ 0: 9 }, [...(A ? [1] : []), 2])]
const a = []; a.q = 0; return [{ ...a }, Object.assign({ q: 1 }, a)]

// a key that may be absent, in an object that may have more keys
const u = JSON.parse(process.env.NOPE || '{"a":3}'); const o = { ...(A ? { b: 1 } : {}), ...u }; return [o, "b" in o, Object.keys(o).length]
const u = JSON.parse(process.env.NOPE || '{"a":3}'); const o = { ...(A ? { b: 1 } : {}) }; Object.assign(o, u); return [o, "b" in o, Object.keys(o).length]
const o = { ...JSON.parse(process.env.NOPE ?? '{"q":0}') }; if (A) o.q = 2; return [o.q, o, { ...o }.q, Object.entries(o), Object.assign({}, o).q, o.q ?? 5]
const o = { ...JSON.parse(process.env.NOPE ?? '{"q":0}'), ...(A ? { q: 2 } : {}) }; return [o.q, o, { ...o }.q, JSON.stringify(o)]

// properties where few have some, and objects without a prototype
return Object.defineProperty([1], "1", [["a", 1], ["b", 2]])
const a = [1]; Object.defineProperty(a, "0", { value: 7 }); Object.defineProperty(a, 2, { value: 9, enumerable: true }); return [a, a.length, a[0], a.map((x) => x)]
const m = new Map(); m.extra = 5; return [m.extra, m.size, "extra" in m]
const s = new Set([1]); s.more = 3; const { more } = s; return more
const d = /x/; d.note = 4; return d.note
const o = Object.create(null); return [o.toString, o.hasOwnProperty, typeof o.valueOf, "toString" in o]
let r = 0; try { r = String(Object.create(null)) } catch { r = "threw" } return r
const o = Object.create(null); o.a = 1; return [o, Object.keys(o), o instanceof Object]
const o = { __proto__: null }; return [o.toString, "toString" in o]

// what JavaScript calls by itself
const log = []; class It { [Symbol.iterator]() { let n = 0; return { next: () => ({ done: n > 2, value: n++ }), return: () => { log.push("r"); return {} } } } } for (const x of new It()) { if (x === 1) break } return log
const log = []; { using x = { [Symbol.dispose]() { log.push("d") } }; log.push("in") } log.push("out"); return log
const log = []; const f = () => { using x = { [Symbol.dispose]() { log.push("d") } }; return log.length }; return [f(), log]
const t = { a: 1 }; const p = new Proxy(t, {}); p.a = 2; return [t.a, p.a]
const t = { a: 1 }; let n = 0; const p = new Proxy(t, { set(o, k, v) { n++; o[k] = v * 2; return true } }); p.a = 2; return [t.a, n]

// a parameter and a variable of one name
function f(a, g = () => a) { var a = 2; return [a, g()] } return f(1)
const f = (a, g = () => { a = 3; return a }) => { var a; g(); return a }; return f(1)
function f(a, g = () => a) { a = 2; return [a, g()] } return f(1)

// an unknown value that may be one of the program's: what is called and written through it
let n = 0; const o = {}; o[process.env.NOPE || "p"] = () => { n = 1 }; o.p(); return n
const o = { a: { n: 1 }, b: { n: 2 } }; o[process.env.NOPE || "a"].n = 5; return [o.a.n, o.b.n, o]
const o = { a: [1], b: [2] }; o[process.env.NOPE || "a"].push(5); return [o.a, o.b.length]
const o = { a: [1], b: [2] }; for (const x of [o[process.env.NOPE || "a"]]) x.pop(); return [o.a, o.b.length]
const o = { a: { n: 1 } }; const x = JSON.parse(process.env.NOPE ?? "null") ?? o.a; x.n = 2; delete x.z; return o
const list = [{ n: 1 }, { n: 2 }]; if (A) list.sort(() => process.env.NOPE ? 1 : -1); list[0].n = 7; list.map((x) => x.n); for (const x of list) x.n = 9; return [list.length]
const a = { n: 1 }, b = { n: 2 }; const list = [a, b]; if (A) list.sort(() => process.env.NOPE ? 1 : -1); for (const x of list) x.n = 9; return [a, b]
const a = { n: 1 }, b = { n: 2 }; const list = [a, b]; list.find((x) => process.env.NOPE !== "x").n = 4; return [a, b]
const a = { n: 1 }, b = { n: 2 }; const m = new Map([["a", a], ["b", b]]); m.get(process.env.NOPE ?? "b").n = 3; return [a, b]
const a = { n: 1 }, b = { n: 2 }; const { [process.env.NOPE ?? "b"]: x } = { a, b }; x.n = 3; return [a, b]
const a = { n: 1 }, b = { n: 2 }; const o = { ...({ a, b })[process.env.NOPE ?? "b"] }; o.n = 3; return [a, b, o.n]
const a = { n: { m: 1 } }, b = { n: { m: 2 } }; const o = { ...({ a, b })[process.env.NOPE ?? "b"] }; o.n.m = 3; return [a, b]
const a = { n: 1 }; const f = (x = a) => { x.n = 2 }; f(JSON.parse(process.env.NOPE ?? "{}").q); return a
const a = { n: 1 }; const [x = a] = JSON.parse(process.env.NOPE ?? "[]"); x.n = 2; return a
let last = { n: 0 }; const first = last; for (const k of JSON.parse(process.env.NOPE ?? "[1, 2]")) { last.n = k; last = { n: 10 } } return [first.n]
class K { f() { r.push(1) } g() { r.push(2) } } const r = []; new K()[process.env.NOPE ?? "g"](); return r
let n = 0; class K { constructor() { n++ } } class L { constructor() { n += 2 } } new ({ K, L })[process.env.NOPE ?? "L"](); return n
let n = 0; const t = { p: async () => { n = 1 }, q: async () => { n = 2 } }; await t[process.env.NOPE || "p"](); return n
let n = 0; const t = { p: () => { n = 1 }, q: () => { n = 2 } }; t[process.env.NOPE || "p"]?.(); return n
let n = 0; const t = { p: { f: () => { n = 1 } }, q: { f: () => { n = 2 } } }; t[process.env.NOPE || "p"].f(); return n
let n = 0; const t = { p: { f: () => { n = 1 } }, q: { f: () => { n = 2 } } }; const { f } = t[process.env.NOPE || "p"]; f(); return n
let n = 0; const fs = [() => { n += 1 }, () => { n += 2 }]; fs.slice(Number(process.env.NOPE ?? 1)).forEach((f) => f()); return n
let n = 0; const fs = [() => { n += 1 }, () => { n += 2 }]; for (const f of fs.slice(Number(process.env.NOPE ?? 1))) f(); return n
let n = 0; const fs = [() => { n += 1 }, () => { n += 2 }]; fs.at(Number(process.env.NOPE ?? 1))(); return n
let n = 0; Object.values({ a: () => { n += 1 }, ...JSON.parse(process.env.NOPE ?? "{}") }).forEach((f) => f()); return n
let n = 0; const fs = {}; for (const k of JSON.parse(process.env.NOPE ?? '["x"]')) fs[k] = () => { n += 1 }; Object.values(fs).forEach((f) => f()); for (const k in fs) fs[k](); return n
let n = 0; const f = [() => { n = 1 }].concat(JSON.parse(process.env.NOPE ?? "[]")); f[0](); f.reverse()[0](); return n
let n = 0; const f = await Promise.race([Promise.resolve(() => { n = 1 }), new Promise(() => {})]); f(); return n
let n = 0; const f = ((k) => k ? JSON.parse(k) : () => { n = 1 })(process.env.NOPE); f(); return n
const a = [1]; Array.prototype.push.call(a, 2); return a
let n = 0; const t = { p: () => { n = 1 }, q: () => { n = 2 } }; t[process.env.NOPE || "p"](); return n
let n = 0; const t = [() => { n = 1 }, () => { n = 2 }]; t[Number(process.env.NOPE ?? 1)](); return n
let n = 0; const o = { f: () => { n = 1 }, ...JSON.parse(process.env.NOPE ?? "{}") }; o.f(); return n
let n = 0; const m = new Map([["p", () => { n = 1 }]]); m.get(process.env.NOPE || "p")(); return n
let n = 0; let f = null; for (const k of JSON.parse(process.env.NOPE ?? "[1, 2]")) { f?.(); f = () => { n = k } } f?.(); return n
let n = 0; const fs = [..."abcdefghijklmno"].map((c, i) => () => { n = i }); fs[process.env.NOPE ?? 3](); return n

// an array that may hold more than its elements
const a = [, 1]; a.filter(() => { if (A) a.unshift(1) }); const b = [...a, 5]; return [b.map((n, at) => at), [...b.entries()]]
let a = [, 1]; if (A) a = [1]; return [[...new Set(a)], new Set(a)]

// properties of promises, patterns, collections, functions
const p = A ? { a: { n: 1 } } : null; try { return p.a.n } catch (e) { return e.name }
return [/a/gi.global, /a/i.ignoreCase, /a/m.multiline, /a/s.dotAll, /a/u.unicode, /a/y.sticky, /ab+/gi.source, /a/gi.flags, /a/.global]
return [/a/.nothing, typeof /a/.test, typeof new Map().get, new Map([[1, 2]]).size, new Set([1, 1]).size, new Map().nothing]
const m = new Map([["a", 1]]); if (A) m.set("b", 2); return m.size
const o = { a: 1 }, k = A ? "a" : "b"; return [o[k], k in o]
const list = A ? [7] : null; try { return list[B ? 0 : 1] } catch (e) { return e.name }
const a = [...(A ? [1] : []), 2, 3]; return [a[1], a[2], a.at(-1), a.length]
class K { static #n = 1; static get n() { return K.#n } static up() { return ++K.#n } } K.up(); return [K.n, K.nothing]
class K { set v(x) { this.w = x } } const k = new K(); k.v = 3; return [k.v, k.w]
class B1 { hi() { return "b" } get g() { return "get" } } class D extends B1 { hi() { return super.hi() + super.g } } return new D().hi()
class K { get make() { return (n) => n * 2 } } return new K().make(4)
class P { hi() { return 1 } } class Q extends P {} class R extends Q { hi() { return super.hi() + 1 } } return new R().hi()
const o = { f: null }; return [o.f?.(1), o.nothing?.(1), o?.f, o["f"]?.(2)]
const o = A ? { f: [() => 5] } : null; return o?.f[0]()
const o = A ? null : { f() { return 6 } }; const k = "f"; return [o?.[k](), o?.[k]?.()]
const f = A ? (n) => n + 1 : undefined; return f?.(1)
const o = { toString: () => "mine", valueOf: () => 7 }; return [`${o}`, o + 1, o > 6]
const f = function () { return this.n }; const bound = f.bind({ n: 4 }); return [bound(), f.call({ n: 1 }), f.apply({ n: 2 }, [])]
const counter = () => { counter.n = (counter.n ?? 0) + 1; return counter.n }; counter(); return counter()
const f = () => 1; f.toString = () => "own"; return f.toString()

// arrays whose elements may be missing
const a = [[1], ...(A ? [[2]] : [])]; return a.flat()
const a = [1, ...(A ? [2] : []), 3]; return [a.includes(3), a.indexOf(1), a.some((n) => n > 2), a.find((n) => n > 2)]
const a = [1, ...(A ? [2] : [])]; return [a.findIndex((n) => n === 2), a.lastIndexOf(1), a.every((n) => n > 0), a.filter((n) => n > 1)]
const a = [1, ...(A ? [2] : [])]; return [a.join("-"), String(a), a + ""]
const a = [1, ...(A ? [2] : [])]; return { ...a }
const a = [1, ...(A ? [2] : [])]; return [Object.keys(a), Object.entries(a).length, structuredClone(a)]
const a = [1, ...(A ? [2] : [])]; delete a[0]; return [0 in a, a[0]]
const a = [1, 2]; delete a[A ? 0 : 1]; return [a[0], a[1]]
const a = [1, ...(A ? [2] : [])]; a[B ? 0 : 1] = 9; return a
const a = [1, 2]; const k = JSON.parse(process.env.NOPE || "0"); a[k] = 9; return [a[0], a[1]]
const a = [1, ...(A ? [2] : [])]; const [x, ...rest] = a; return [x, rest.length]
const a = [3, ...(A ? [1] : []), 2]; return [...a].sort().reverse()
const a = A ? [1] : [2, 3]; return [a.length, a[0], [...a, 4], a.concat(5), a.map((n) => n + 1)]
const a = A ? [1] : 2; return [[0].concat(a), [].concat(a).length, [a].flat()]
const a = [A ? [1] : 2]; return a.flat()
const set = new Set([1, 2]); set.delete(A ? 1 : 3); return [set.has(1), set.has(2)]
const m = new Map([["a", 1], ["b", 2]]); const k = JSON.parse(process.env.NOPE || "\"a\""); m.set(k, 9); return [m.get("a"), m.get("b")]
const m = new Map([["a", 1], ["b", 2]]); const k = JSON.parse(process.env.NOPE || "\"a\""); m.delete(k); return [m.get("a"), m.has("b"), m.size]
const m = new Map([["a", 1]]); const k = JSON.parse(process.env.NOPE || "\"c\""); m.set(k, 9); let n = 0; m.forEach((v) => { n += v }); return n
const s = new Set(["a", "b"]); return [[...s.entries()], [...s.keys()], [...s.values()]]
const m = new Map([["a", 1], ["b", 2]]); return [[...m.values()], [...m.keys()], Array.from(m), Array.from(m.values(), (n) => n * 2)]
const it = [1, 2, 3][Symbol.iterator](); it.next(); return [it.next().value, it.next().done, it.next()]
const it = new Map([["a", 1]]).entries(); return [it.next().value, it.next().value]
function* g() { const got = yield 1; return got } const it = g(); return [typeof it.return, typeof it.throw, Array.from(g())]
function* g() { yield 1; yield 2; yield 3 } const it = g(); const [first] = it; return [first, [...it].length]
function* g() { yield* [1, 2]; yield* "ab" } return [...g()]
function* g() { let n = 0; while (true) yield n++ } const [a, b, c] = g(); return [a, b, c]
function* g() { yield 1; return 5 } const it = g(); it.next(); return it.next().value
const step = 2; function* g() { yield step; yield step * 2; return } const [x] = g(); return x
class Bag { #items = [1, 2]; *[Symbol.iterator]() { yield* this.#items } } return [...new Bag()]

// objects: keys, copies, conditions
return [Object.keys("ab"), Object.values("ab"), Object.keys(5), Object.entries(true), Object.getOwnPropertyNames({ a: 1, b: 2 })]
try { return Object.keys(null) } catch (e) { return e.name }
try { return Object.entries(undefined) } catch (e) { return e.name }
try { return Object.assign(Object.freeze({ a: 1 }), { a: 2 }) } catch (e) { return e.name }
try { return Object.fromEntries(null) } catch (e) { return e.name }
try { return Object.hasOwn(null, "a") } catch (e) { return e.name }
const o = Object.create(null); o.a = 1; return [Object.keys(o), "a" in o]
const o = Object.seal({ a: 1 }); o.a = 2; try { o.b = 1 } catch (e) { return [o.a, e.name] } return o.a
const o = Object.preventExtensions({ a: 1 }); try { o.b = 1 } catch (e) { return e.name } return "no"
const a = Object.freeze([1, 2]); return [Object.isFrozen(a), Object.isFrozen({ a: 1 }), Object.isFrozen(5), a.length]
return [Object.hasOwn([1, 2], 0), Object.hasOwn([1, 2], 5), Object.hasOwn([1], "length"), Object.hasOwn([, 1], 0), "0" in [1]]
class K { x = 1 } const k = new K(); return [Object.hasOwn(k, "x"), Object.hasOwn(k, "y"), Object.keys(k), k.hasOwnProperty("x")]
const k = A ? "x" : "y"; const o = Object.fromEntries([["x", 0], [k, 1]]); return [o.x, o.y]
const k = JSON.parse(process.env.NOPE || "\"x\""); const o = Object.fromEntries([["x", 0], [k, 1]]); return o.x
const k = JSON.parse(process.env.NOPE || "\"x\""); const o = { x: 0, [k]: 1 }; return o.x
const k = JSON.parse(process.env.NOPE || "\"x\""); const o = { x: 0 }; o[k] = 1; return [o.x, "x" in o]
const o = { x: 1, y: 2, z: 3 }; const { x, ...rest } = o; const { ["y"]: y, ...more } = rest; return [rest, y, more]
const k = A ? "x" : "y"; const { [k]: v, ...rest } = { x: 1, y: 2, z: 3 }; return [v, rest.z]
const { a, ...rest } = A ? { a: 1, b: 2 } : { a: 3, c: 4 }; return [a, rest]
const { length, ...rest } = "ab"; return [length, rest]
const { a = 1, b: { c = 2 } = {} } = A ? { a: undefined } : { b: { c: 5 } }; return [a, c]
const [x = 1, [y = 2] = []] = A ? [undefined] : [5, [6]]; return [x, y]
const f = ({ a = 1 } = {}) => a; return [f(), f({}), f({ a: A ? 2 : undefined })]
let a, b; ({ a, b: [b] } = { a: 1, b: [2] }); return [a, b]
const o = {}; [o.a, o["b"]] = [1, 2]; return o
const o = { n: 0 }; for (o.n of [1, 2]) ; return o.n
let n = 0; for (n in { a: 1, b: 2 }) ; return n
const r = []; for (const k in "ab") r.push(k); return r
const r = []; for (const k in null) r.push(k); for (const k in 5) r.push(k); return r
let s = 0, i; for (i = 0; i < 3; i++) { if (A) return "early"; s += i } return s
let i = 0; do { i++; if (A && i === 2) break } while (i < 4); return i
o: for (const x of [1, 2, 3]) { for (const y of [1, 2]) { if (x === y) continue o; if (x > 2) break o } } return "done"
const o = { get a() { return this.b * 2 }, b: 3, set c(v) { this.b = v } }; o.c = 5; return [o.a, o.b, o.c]
const o = { ...{ get a() { return 1 } } }; return JSON.stringify(o)
const o = { a: { b: 1 } }; const c = { ...o }; c.a.b = 2; return [o.a.b, Object.is(o.a, c.a)]
const o = { a: 1 }; if (A) delete o.a; return ["a" in o, o.a, Object.keys(o).length, { ...o }]
const o = A ? { a: 1 } : { b: 2 }; o.c = 3; return [o.a, o.c, "a" in o, Object.keys(o).length]
const o = A ? { a: 1 } : { a: 2 }; o.a += 1; o.a++; return o.a
let x = A ? 1 : undefined; x ??= 5; let y = B ? 0 : 2; y ||= 7; let z = 1; z &&= 9; return [x, y, z]
const o = { n: A ? null : 3 }; o.n ??= 4; o.m ||= 5; return o

// globals
try { return Map() } catch (e) { return e.name }
try { return Promise() } catch (e) { return e.name }
try { new Array(-1) } catch (e) { return e.name }
try { "a".repeat(-1) } catch (e) { return e.name }
try { "a".matchAll(/a/) } catch (e) { return e.name }
try { structuredClone(() => 1) } catch (e) { return e.name }
try { new Promise() } catch (e) { return e.name }
try { undefinedName } catch (e) { return e.name }
try { (void 0)() } catch (e) { return e.name }
try { const o = {}; o.f() } catch (e) { return [e.name, e.message] }
try { null.x } catch (e) { return [e.name, e.message] }
try { throw { code: 5 } } catch ({ code }) { return code }
try { throw new RangeError("r", { cause: 1 }) } catch (e) { return [e.name, e.message, e.cause, e instanceof RangeError, e instanceof Error] }
let n = 0; try { try { n++; throw 1 } finally { n += 10 } } catch { n += 100 } return n
const f = () => { try { return 1 } finally { if (A) return 2 } }; return f()
const f = () => { for (const x of [1, 2]) { try { if (A) continue; return x } finally { if (B) break } } return "end" }; return f()
return [typeof window, typeof globalThis, typeof undefinedName, typeof Symbol, typeof class {}, typeof Symbol.iterator]
return ["a".localeCompare("a"), "a".normalize("NFD"), "\u00e9".normalize("NFD").length, "e\u0301".normalize().length, "x".padStart(3, "ab")]
return ["aXbX".replaceAll("X", "$&$&"), "ab".replace("b", "$1"), "ab".replace(/(b)/, "$2"), "ab".replace(/(?<n>b)/, "[$<n>]")]
return ["a,b".split(","), "ab".split(""), "a1b2".split(/\d/), "ab".split(/(?:)/), "abc".split("b", 1)]
return [/a/g.test("a"), "aaa".match(/a/g), "abc".match(/z/), "a.b".search(/\./), "x".match(/(?<n>x)/).groups.n]
return [/[^a-c\s]/.test("d"), /[\/]/.test("/"), /[\w.-]+/.exec("a-b.c!")[0], /\u0041/.test("A"), /[-a]/.test("-")]
return [Math.max(), Math.min(), Math.max(1, 3, 2), Math.min(1, NaN), Math.max("4", 2), Math.min(-0, 0)]
return [Math.log2(8), Math.log10(1000), Math.log2(0), Math.log10(-1), Math.pow(2, 10), Math.fround(5.5), Math.fround(1e300), Math.cbrt(27)]
return [Math.abs(-3), Math.sign(-0), Math.sqrt(-1), Math.sqrt(9), Math.clz32(1), Math.trunc(-4.7), Math.ceil(-0.5), Math.floor(2.9)]
return [10 ** -2, 2 ** 0.5 > 1, 0 / 0, 1 / 0, -1 / 0, 5 % 0, -0 + 0, 1e308 * 10, -1e308 * 10, 7 % -3, 2 ** 1000 > 1]
return [1 <= 1, 1 < 1, 2 >= 2, 2 > 2, "a" <= "a", "a" < "b", "b" >= "c", null <= 0, undefined <= undefined, NaN >= NaN]
return [5 & 6, 5 | 6, 5 ^ 6, 1 << 33, -5 >> 1, -5 >>> 28, ~7, 2 ** 32 >> 0, 2 ** 31 | 0, 1.9 | 0]
return [+"3", -"4", +[], +{}, !"", !!"0", +true, -null, +undefined, - -1]
return [(255).toString(16), (0.5).toString(2), NaN.toFixed(1), (25).toString(), (1e21).toString(), (-7).toString(2), (12.5).toFixed()]
return [parseInt("  42abc"), parseInt("-0x1f"), parseInt(""), parseInt("9", 8), parseFloat("-1.5e-3"), Number(" 5 "), Number("1,5"), Number(null)]
return [encodeURIComponent("a b&c/ü"), decodeURIComponent("a%20b"), encodeURI("a b/ü?x=1"), isNaN("x"), Number.isInteger(5.0), Number.isSafeInteger(2 ** 53)]
return [Array.isArray([]), Array.isArray({}), Array.of(1, 2), Array.from("ab"), Array.from(new Set([1])), [..."é"].length]
return [JSON.stringify("a\"\n\u2028"), JSON.stringify({ a: [1, { b: 2 }] }, null, "\t"), JSON.stringify([]), JSON.stringify({}), JSON.stringify(undefined)]
return [JSON.stringify({ a: 1, b: 2, c: 3 }, ["c", "a"]), JSON.stringify([1, [2]], null, 1), JSON.stringify({ toJSON: () => 5 }), JSON.stringify("\ud800")]
try { return JSON.parse("[NaN]") } catch (e) { return e.name }
try { return JSON.parse("{'a': 1}") } catch (e) { return e.name }
const when = await Promise.race([Promise.resolve(1), Promise.resolve(2)]); return when
return await Promise.any([Promise.reject(1), Promise.resolve(2)])
try { await Promise.any([Promise.reject(1)]) } catch (e) { return e.name }
return (await Promise.allSettled([Promise.resolve(1), Promise.reject(2)])).map((r) => [r.status, r.value, r.reason])
const later = (async () => 1)(); return [await later.then((n) => n + 1), await later.finally(() => 9), await later.catch(() => 3)]
const later = (async () => { if (A) throw 5; return 1 })(); return await later.then((n) => n + 1).catch((n) => n * 2)
const late = A ? (async () => 1)() : (async () => 2)(); return await late.then((n) => n + 1)
return await Promise.resolve(1).then(undefined, () => 2).then((n) => n + 1)
return await Promise.reject(3).finally(() => 4).catch((n) => n)
return await Promise.resolve(Promise.resolve(5))
const { promise, resolve } = Promise.withResolvers ? Promise.withResolvers() : {}; return typeof resolve
return [[3, 1, 2].toSorted(), [1, 2].toReversed(), [1, 2, 3].toSpliced(0, 1), [1, 2, 3].at(-2), [1, 2, 3].copyWithin(0, 1)]
return [Object.groupBy([1, 2, 3], (n) => (n % 2 ? "odd" : "even")).odd, [1, [2, [3]]].flat(2), [1, 2].flatMap((n) => [n, n * 2])]
return [[1, 2, 3].reduce((a, b) => a + b), [[1, 2], [3]].reduceRight((a, b) => a.concat(b)), [5].reduce((a, b) => a + b)]
try { return [].reduce((a, b) => a + b) } catch (e) { return e.name }
const a = [1, 2, 3, 4]; return [a.splice(1, 2, "x", "y", "z"), a, a.fill(0, 1, 3), a.shift(), a.unshift(7, 8), a.pop(), a.push(1, 2)]
const d = { a: 1 }; const w = new WeakMap(); w.set(d, 5); return [w.get(d), w.has({}), new WeakSet([d]).has(d)]
label: { const x = 1; if (x) break label; throw new Error("no") } return "out"
switch (A ? "a" : "b") { case "a": { const x = 1; if (B) break; return x } default: return 3 } return 4
const s = Symbol("k"); const o = { [s]: 1, a: 2 }; return [o[s], Object.keys(o)]
var f = 1; { function f() { return 2 } } return typeof f
return [(1, 2, 3), void 0, typeof void 0, ((a, b) => a - b)(...[5, 3]), (function () { return arguments.length })(1, 2)]
const fs = []; for (var i = 0; i < 2; i++) fs.push(() => i); return fs.map((f) => f())
const later = (async () => { if (A) throw 5; return 1 })(); return await later.then((n) => n + 1).then((n) => n, (n) => n * 2)
const tag = (s, ...v) => s.raw.map((t, i) => t + (v[i] ?? "")).join(""); return tag`a${1}\n${A ? 2 : 3}`

// arrays that a loop doubles under a condition
let a = [1]; for (const n of JSON.parse(process.env.NOPE ?? "[1,2]")) { for (const x of [...a]) a.unshift(x) } return a.length
let a = A ? [1] : [2, 3]; for (let i = 0; i < 9; i++) { for (const n of [...a]) { a = [n, ...(B ? a : [])] } } return a.length
const a = [A ? 1 : 5, 0, 1]; return [[...new Set(a)], new Set(a)]
const m = new Map(); m.set(A ? "p" : "q", 1); m.set("r", 2); m.set("p", 3); return [[...m.keys()], m.get("p"), m.get("r"), m.size]
const a = [A ? 1 : 5, 0, 1]; return [...new Set(a.flatMap((n) => [n, n]))]

// constants, ranges, effects of a loop's test, copies
return [Math.PI, Math.E, Math.LN2, Math.LN10, Math.LOG2E, Math.LOG10E, Math.SQRT2, Math.SQRT1_2, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]
return [Number.EPSILON, Number.MAX_VALUE, Number.MIN_VALUE, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, NaN, Infinity]
try { (1).toPrecision(0) } catch (e) { return e.name }
try { (1).toFixed(101) } catch (e) { return e.name }
try { (1).toString(1) } catch (e) { return e.name }
try { (1).toExponential(-1) } catch (e) { return e.name }
try { "a".normalize("X") } catch (e) { return e.name }
try { String.fromCodePoint(-1) } catch (e) { return e.name }
try { new Array(1.5) } catch (e) { return e.name }
let n = 0; for (let i = 0; n++, i < 3; i++) { if (A) continue; if (B) break } return n
let n = 0; for (let i = 0; i < (n += 1); i++) { if (i > 2) break; if (A) n += 2 } return n
const o = { a: 1 }; if (A) o.b = 2; return JSON.stringify(o)
const o = { a: [1, { b: 2 }] }; return [JSON.stringify(o, null, 1.5), JSON.stringify(o, null, 2.9), JSON.stringify(o, null, 20).length, JSON.stringify(o, null, -1)]
function* g() { const seen = []; seen.push(1); yield seen.length; yield "a".toUpperCase() } const [x] = g(); return x
const a = [1, 2, 3, 4]; a.splice(1, 2, ...(A ? [9] : []), 8); return [a.length, a[0]]
return [+[], -[5], !{}, ~"7", typeof null, void 1, +new Date(0) === 0]
return ["4294967294" in [], Object.keys({ 4294967294: 1, 4294967295: 2, a: 3, 1: 4 }), Object.keys({ "01": 1, 1: 2 })]
return [[undefined, , 1].join(), [null, [undefined]].toString(), String([[], [[]]]), [1, [2, [3]]] + ""]
return [Number.parseFloat === parseFloat, Number.isNaN("x"), isNaN("x"), Number("0b11"), Number("0o7"), Number("-0x1"), Number(" \n")]

// classes: keys come first, `super` as a target, fields that are parameters, bases that are undecided
let n = 0; class K { [(n++, "a")] = n; static [(n++, "b")] = n; [(n++, "c")]() {} } return [n, K.b, new K().a, n]
class P { set v(x) { this.w = x } get v() { return 1 } } class Q extends P { set v(x) { super.v = x * 2 } get v() { return super.v + 1 } } const q = new Q(); q.v = 3; return [q.w, q.v]
class P { f() { super.a = 5; return this.a } } return new P().f()
class P { static get s() { return this.q } static q = 1; static m() { return "m" } } class Q extends P { static q = 2; static t() { return super.s + super.m() } } return Q.t()
class P { constructor() { this.a = 1 } } class Q extends P { a; b } return [Object.keys(new Q()), new Q().b]
class X { x = 1 } class Y { y = 2 } class Z extends (A ? X : Y) { w = this.x } const z = new Z(); return [z.x, z.y, z.w, z instanceof X]
class K { static f() { try { K = 1 } catch (e) { return e.name } return K } } return K.f()
class K { static x = 1; static y = 2 } delete K.x; return [K.x, Object.keys(K)]
class K { get [Symbol.toStringTag]() { return "K" } } return Object.prototype.toString.call(new K())
const f = function n() { try { n = 1 } catch (e) { return e.name } return typeof n }; return f()
function f(a) {} const g = () => 1; return [f.bind(null).name, g.bind(1, 2).name, (() => {}).bind().name]
const f = () => 1; f.p = 2; delete f.p; return f.p
try { for (const i = 0; i < 2; i++); } catch (e) { return e.name }
try { delete [].length } catch (e) { return e.name }
try { null.x } catch (e) { return [e.name, typeof e.stack, String(e).length > 9] }
const o = { f() { return this === o } }; return [o?.f(), o?.["f"](), (o?.f)(), (o?.["f"])(), o.f?.()]
let n = 0; const o = { get f() { n++; return () => n } }; return [o.f?.(), o?.f(), n]
const h = { push: [].push, length: 0 }; h.push("a"); return [h.length, h[0]]

// what a function writes after `await`, and functions that are awaited together
const m = new Map(); const f = async () => { await 0; m.set("a", 1) }; f(); return [m.get("a"), m.size, m.has("a")]
const o = { a: 1 }; const f = async () => { await 0; delete o.a; o.b = 1 }; f(); return [o.a, "a" in o, "b" in o, Object.keys(o)]
const s = new Set([1]); setTimeout(() => { s.delete(1); s.add(2) }, 0); return [s.has(1), s.size]
const m = new Map([["a", 1]]); (async () => { await 0; m.set("a", 5) })(); m.set("a", 2); return m.get("a")
let n = 0; const f = async () => { for await (const x of [1]) n = x }; f(); return n
let n = 0; const f = async (x) => x * 2; for await (const x of [f(1), f(2), 3]) n += x; return n
let n = 0; await Promise.all([1, 2, 3].map(async (x) => { n += await x })); return n
const o = { n: 0 }; const inc = async () => { const v = o.n; await 0; o.n = v + 1 }; await Promise.all([inc(), inc()]); return o.n
const r = []; await Promise.all([1, 2].map(async (x) => { r.push("s" + x); await null; r.push("e" + x) })); return r
let t = ""; const f = async (n) => { for (const c of n) { await 0; t += c } }; await Promise.all([f("ab"), f("cd")]); return t
const r = {}; await Promise.all(["a", "b"].map(async (k) => { await 0; r[k] = k + "!" })); return r
const m = new Map(); await Promise.all(["a", "b"].map(async (k) => { await 0; m.set(k, 1) })); return [...m]
let v, s = "i"; await Promise.all([(async () => { await 0; v = 1 })(), (async () => { if (A) await 0; s = "x" })(), (async () => { s += "y" })()]); return [v, s]
let s = "i"; const f = async () => { await 0; if (A) throw 1; s = "f" }; try { await Promise.all([f(), (async () => 1)()]) } catch { s += "c" } return s
const f = async (x) => { await 0; if (x && A) throw new Error("e"); return x }; try { return await Promise.all([f(0), f(1)]) } catch (e) { return e.message }
let s = "i"; await Promise.allSettled([(async () => { await 0; s = "x" })()]); return s

// arrays of which some elements may be missing, and arguments that are one of several
const a = [1, ...(A ? [2] : []), 3]; return [a.at(-1), a.join("-"), a.slice(-1), a.reduce((s, x) => s + x, 0), a.indexOf(3), a.includes(2), a.toReversed()[0]]
const a = []; if (A) a.push("x"); if (B) a.push("y"); return [a.join(""), a.includes("x"), a.at(-1) ?? "none", a.map((v) => v + "!").join()]
const a = [1, 2, 3]; if (A) a.shift(); if (B) a.shift(); return [a[0], a.length, a.pop(), a]
const a = [1]; if (A) a.unshift(0); a.reverse(); a.push(5); a.splice(1, 1); return [a[0], a.at(-1)]
const a = [3, ...(A ? [1] : []), ...(B ? [2] : [])]; return [a.sort()[0], a.sort((x, y) => y - x)[0], a.toSorted().join()]
let n = 0; const a = [1, ...(A ? [2] : [])]; const s = a.reduce((t, x) => { n += x; return t + x }, 0); return [s, n]
const a = ["a", ...(A ? ["b"] : []), "c"]; return [[...a.keys()].length, [...a.entries()].map(([at, x]) => x + at).join()]
const a = [5, 6, 7]; return [a.slice(A ? 1 : 2), a.at(A ? 0 : -1), a.indexOf(A ? 6 : 9), a.includes(A ? 6 : 9), a.join(A ? "-" : "+"), a.with(A ? 0 : 1, 9)]
const [x, y = 9] = A ? [1, 2] : [3]; const [p, q] = B ? ["30 seconds", "1 GB"] : ["1 minute", "2 GB"]; return [x, y, p, q]
try { for (const x of A ? null : [1]) return x; return "end" } catch (e) { return e.name }
try { return [...(A ? undefined : "ab")] } catch (e) { return e.name }
const a = [...(A ? null ?? [1] : [1])]; return a.length
const a = [1, 2]; a[A ? 0 : 1] = 9; a[B ? 0 : 1]++; return a
class K { x = 0 } const k = new K(); k[A ? "x" : "y"] = 1; return [k.x, k.y]
class K { x = 0 } const k = new K(); k[process.env.NOPE ?? "x"] = 1; return [k.x, Object.keys(k)]
const a = [1, 2, 3]; let i = a.length; while (i--) if (A && a[i] % 2) a.splice(i, 1); return a
return [[1, 2, 3].some((x) => A && x > 1), [1, 2, 3].every((x) => A || x < 3), [1, 2].some((x) => x > (A ? 1 : 2))]
const a = [...(A ? ["x"] : []), "y", "z"]; const [p, ...q] = a; const [, , ...r] = a; return [p, q.length, q.at(-1), r]
const [p, ...q] = A ? [1, 2] : [3]; return [p, q.length, q[0]]
const q = [1]; const r = []; while (q.length) { const x = q.shift(); r.push(x); if (A && x < 2) q.push(x + 1) } return r.length > 0

// arrays of which some elements may be missing: a callback sees the array itself, and one choice may throw
const a = [1]; if (A) a.push(2); const s = a.reduce((sum, x, at, all) => { all[0] = 9; return sum + x }, 0); return [a, s]
const a = [1, 2]; if (A) a.push(3); a.step = 1; return a.reduce((sum, x, at, all) => sum + all.step, 0)
let r; try { r = [1, 2].with(A ? 0 : 9, 5) } catch { r = 7 } return r
return [1, 2].slice(A ? 0 : 1, Date.now())

// a method of an unknown name may not be there
const o = { c: 4, b() { return this.c } }; return o[A ? "b" : "z"]?.()

// Object.assign to a class, and through a setter
class S {} Object.assign(S, { v: 1 }); if (A) Object.assign(S, { v: 2 }); return S.v
class S { set v(x) { this.w = x } } const s = new S(); Object.assign(s, { v: 1 }); return s.w
