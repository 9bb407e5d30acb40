// The timeouts that functions get; F is sst.aws.Function.

// => ["3 minutes", "10 seconds"]
$transform(F, a => { a.timeout ??= "3 minutes" });
new F("A", {});
new F("B", { timeout: "10 seconds" })

// => ["$none", "3 minutes"]
new F("A", {}); $transform(F, a => { a.timeout ??= "3 minutes" }); new F("B", {})

// => ["3 minutes"]
$transform(F, a => { a.timeout = "3 minutes" }); new F("B", { timeout: "10 seconds" })

// => ["1"]
$transform(F, a => { a.timeout ??= "1" }); $transform(F, a => { a.timeout ??= "2" }); new F("A", {})

// => ["2"]
$transform(F, a => { a.timeout = "1" }); $transform(F, a => { a.timeout = "2" }); new F("A", {})

// => ["$none"]
$transform(F, a => ({ ...a, timeout: "3 minutes" })); new F("A", {})

// => [300]
$transform(F, a => { if (a.timeout === undefined) a.timeout = 300 }); new F("A", {})

// => ["1"]
$transform(F, a => { a.timeout ??= "1" }); new F("A")

// => ["1"]
const d = {}; $transform(F, a => { a.timeout ??= "1" }); new F("A", d); return d.timeout

// => ["$none", "5"]
const d = {}; new F("A", d); d.timeout = "5"; new F("B", d)

// => ["A"]
$transform(F, (a, o, n) => { a.timeout = n }); new F("A", {})

// => ["$none"]
$transform(sst.aws.Queue, a => { a.timeout = 1 }); new F("A", {})
