// What run() returns if conditions are unknown; `$perhaps` is an element that may be missing.

// => {"$oneOf": [2, 1]}
let x = 1; if (process.env.A) x = 2; return x

// => 1
let x = 1; if (process.env.A) x = 1; return x

// => {"$oneOf": ["a", "b"]}
return process.env.A ? 'a' : 'b'

// => "a"
return process.env.A ? 'a' : 'a'

// => {"t": {"$oneOf": [2, 1]}, "u": {"$oneOf": [3, "$undefined"]}}
const o = { t: 1 }; if (process.env.A) o.t = 2; else o.u = 3; return o

// => [1, {"$perhaps": 2}]
const xs = [1]; if (process.env.A) xs.push(2); return xs

// => [1, {"$perhaps": 2}]
return [1, ...(process.env.A ? [2] : [])]

// => {"a": {"$oneOf": [2, 1]}, "b": {"$oneOf": [3, "$undefined"]}}
return { a: 1, ...(process.env.A && { a: 2, b: 3 }) }

// => {"$oneOf": [2, 1]}
const f = () => { if (process.env.A) return 1; return 2 }; return f()

// => 1
const f = () => { if (process.env.A) { return 1 } else { return 1 } }; return f()

// => {"$oneOf": [0, 2, 1]}
const f = () => { for (const x of [1, 2]) { if (process.env.A) return x } return 0 }; return f()

// => {"$oneOf": [3, 1, 2]}
const f = () => { if (process.env.A) { if (process.env.B) return 1 } else { if (process.env.C) return 2 } return 3 };
return f()

// => {"$oneOf": [1, 2, 3]}
switch (process.env.A) { case 'x': return 1; case 'y': return 2; default: return 3 }

// => 1
if (!process.env.A) throw new Error('set it'); return 1

// => {"$unknown": "process.env.A is set outside the repository"}
let n = 0; for (const x of process.env.A) n++; return n

// => {"$unknown": "process.env.A is set outside the repository"}
let n = 0; while (process.env.A) n++; return n

// => {"$unknown": "process.env.A is set outside the repository"}
const o = { k: process.env.A ?? 'x' }; return o.k

// => {"$oneOf": [5, 1]}
const x = process.env.A ? 1 : undefined; return x ?? 5

// => {"$oneOf": [1, 9]}
const { t = 9 } = process.env.A ? { t: 1 } : {}; return t

// => {"$oneOf": [2, 1]}
const m = new Map([['a', 1]]); if (process.env.A) m.set('a', 2); return m.get('a')

// => [{"$perhaps": "q"}, "r"]
return [process.env.A && 'q', 'r'].filter(Boolean)

// => ["a", "b"]
return ['a', 'b'].map((x) => (process.env.A ? x : x))

// => {"$oneOf": [1, 2]}
const f = process.env.A ? () => 1 : () => 2; return f()

// => {"$oneOf": [4, 6]}
const x = process.env.A ? 2 : 3; return x * 2

// => {"$oneOf": [1, 2]}
const t = { a: 1, b: 2 }; return t[process.env.A ? 'a' : 'b']

// => {"$unknown": "process.env.A is set outside the repository"}
const o = { a: 1, ...JSON.parse(process.env.A) }; return o.a

// => 1
const o = { ...JSON.parse(process.env.A), a: 1 }; return o.a

// => {"$oneOf": [1, 2]}
let x;
try {
  if (process.env.A) throw new Error("no");
  x = 1;
} catch {
  x = 2;
}
return x;

// => 1
if (!process.env.A) process.exit(1);
return 1;

// => {"$unknown": "`arguments` is not supported"}
function f() { return arguments[0]; }
return f(1);

// => {"$oneOf": [9, 5]}
const f = () => { for (const x of [1]) { if (process.env.A) break; return 5; } return 9; };
return f();

// => {"$oneOf": ["$undefined", 5]}
const f = () => { for (const x of [1]) { if (process.env.A) continue; return 5; } };
return f();

// => {"$oneOf": ["after", 1]}
const f = () => { here: { if (process.env.A) break here; return 1; } return "after"; };
return f();

// => {"$oneOf": [3, 2]}
const f = (x) => { switch (x) { case 1: if (process.env.A) break; return 2; } return 3; };
return f(1);
