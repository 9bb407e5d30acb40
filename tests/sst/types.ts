// Types are no part of a program: what run() returns.

// => 5
return (5 as number)! satisfies number

// => 1
interface A { x: 1 }
type B = A;
declare const c: B;
abstract class D { abstract x(): void }
return 1

// => 2
function f(a: string): void;
function f(a: any) {
return a }
return f(2)

// => [0, 5, 6, "d", "B"]
enum E { A, B = 5, C, D = 'd' }
return [E.A, E.B, E.C, E.D, E[5]]

// => 4
const enum F { X = 1 << 2 }
return F.X

// => [1, 2]
namespace N { export const x = 1;
const y = 2; export function z() {
return y } }
return [N.x, N.z()]

// => 3
class A { constructor(private readonly x: number, public y = 2) {} sum() {
return this.x + this.y } }
return new A(1).sum()

// => 4
const f = <T,>(x: T): T => x;
return f<number>(4)

// => {"$unknown": "unsupported syntax: a decorator"}
const twice = (target: any, key: string, described: any) => ({ value: () => 2 });
class A { @twice y() {
return 1 } }
return new A().y()

// => ["0", "1", "A", "B"]
enum G { A } enum G { B = 1 }
return Object.keys(G)

// => "Y"
enum H { X = 1, Y = 1 }
return H[1]

// => 1
const x = { a: 1 } as const;
return x!.a

// => ["function", {"$unknown": "`toLocaleString` with these arguments is not supported"}, "function", "function", "$undefined"]
return [typeof (5).toLocaleString, (5).toLocaleString(), typeof "a".normalize, typeof [].toSpliced, ({}).link]

// => ["16", "1e-7", "1e+21", "Infinity"]
return Object.keys({ 1e-7: "small", 1e21: "great", 0x10: 16, 1e999: "endless" })
