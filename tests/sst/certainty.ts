// What run() constructs, and whether for certain.

// => [["A", false], ["B", true]]
if (process.env.A) new sst.aws.Queue("A"); new sst.aws.Queue("B");

// => [["B", false]]
if (process.env.A) return; new sst.aws.Queue("B");

// => [["B", true]]
if (!process.env.A) throw new Error(); new sst.aws.Queue("B");

// => [["A", true]]
if (!process.env.A) { throw 1 } else { new sst.aws.Queue("A") }

// => [["B", true]]
const f = () => { if (process.env.A) return 1; }; f(); new sst.aws.Queue("B");

// => [["A", false]]
for (const x of process.env.A) new sst.aws.Queue("A");

// => [["A1", false], ["A2", false], ["B", true]]
for (const x of [1, 2]) { if (process.env.A) continue; new sst.aws.Queue("A" + x) }
new sst.aws.Queue("B")

// => [["A1", false], ["A2", false], ["B", true]]
for (const x of [1, 2]) { if (process.env.A) break; new sst.aws.Queue("A" + x) }
new sst.aws.Queue("B")

// => [["A", false], ["B", false]]
process.env.A && new sst.aws.Queue("A"); process.env.B ? new sst.aws.Queue("B") : 0;

// => []
unknownPackage.run(() => new sst.aws.Queue("A"));

// => [["a", true], ["b", true]]
[..."ab"].forEach((x) => new sst.aws.Queue(x));

// => [["A", false]]
const q = process.env.A ? new sst.aws.Queue("A") : undefined; q?.subscribe("h");

// => [["after", false]]
const f = () => { for (const x of [1]) { if (process.env.A) break; return; } new sst.aws.Queue("after"); };
f();

// => [["made by default", false]]
const { queue = new sst.aws.Queue("made by default") } = JSON.parse(process.env.A);
