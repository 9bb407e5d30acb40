import { a } from "./a";
export default $config({
  app(input) { return { name: "x", removal: input?.stage === "p" ? "retain" : "remove" }; },
  async run() {
    const d = { timeout: "2 minutes", ...(process.env.A ? { b: 1 } : {}) };
    for (const [k, { t = 1, ...r }] of Object.entries({ a: { t: 2 }, b: {} })) new sst.aws.Function(k + t, { ...d, ...r });
    class F extends sst.aws.Function { #x = 1; static y = 2; constructor(n, o) { o.z ??= 3; super(n, o); } get q() { return this.#x; } }
    const f = new F("F", {}), g = (x, ...y) => { if (x) return y.length; switch (x) { case 0: break; default: throw f } };
    try { g(0); } catch ({ message }) { api?.b.c?.(`${message}`); } finally { delete d.timeout; }
    $transform(sst.aws.Function, (args) => { args.timeout = $dev ? "1" : args.timeout ?? [..."ab"].map((x) => x.toUpperCase()).join("-"); });
    do { for (let i = 0; i < 3; i++) if (i % 2) continue; else break; } while (process.env.B && !f.q);
    const { x: [y, , z = 5] = [1, 2] } = JSON.parse('{"x": null}'); label: for (const k in d) break label;
    return { f: f.arn.apply((v) => v + y), z, m: new Map([[1, new Set("aa")]]), r: /a(b)+/g.test("ab"), ...(await import("./a")) };
  },
});
