// What run() returns, of what SST and Pulumi give to it.

// => ["production", false, "app", false]
return [$app.stage, $dev, $app.name, $app.protect]

// => {"$output": "4 minutes"}
return $output("4 minutes")

// => {"$output": "4 minutes"}
return $output("4").apply((v) => v + " minutes")

// => {"$output": 3}
return $resolve([1, $output(2)]).apply(([a, b]) => a + b)

// => {"$output": "abc"}
return $interpolate`a${$output("b")}c`

// => {"$output": "a1"}
return $concat("a", 1)

// => {"$output": 2}
return pulumi.all([1, 2]).apply((xs) => xs.length)

// => "<sst.aws.Queue.arn>"
return new sst.aws.Queue("Q").arn

// => "<sst.aws.Nextjs.nodes.server.name>"
return new sst.aws.Nextjs("N").nodes.server.name

// => {"$output": "6 minutes"}
return new sst.aws.Queue("Q").arn.apply(() => "6 minutes")

// => {"$unknown": "`sst.aws.Queue.arn` is known only at deployment"}
return new sst.aws.Queue("Q").arn.apply((arn) => `x${arn}`)

// => "<sst.aws.Vpc>"
return sst.aws.Vpc.get("V", "vpc-1")

// => {"$unknown": "process.env.HOME is set outside the repository"}
return process.env.HOME

// => "set"
process.env.X = "set"; return process.env.X

// => {"$unknown": "the function `Date.now` is not supported"}
return Date.now() > 5

// => [true, false, false, false, false]
const f = new sst.aws.Function("F", {}); const q = new sst.aws.Queue("Q"); return [f, q, { handler: "x" }, "x", f.arn].map((x) => x instanceof sst.aws.Function)

// => {"$unknown": "the right side of `instanceof` is unknown"}
return new sst.aws.Queue("Q") instanceof pulumi.Resource

// => {"$oneOf": [1, 2]}
const f = async () => { if (process.env.A) throw new Error("x"); return 1 }; return await f().catch(() => 2)

// => [{"$oneOf": [true, false]}, {"$oneOf": [true, false]}]
return [["a"].some(() => process.env.A), ["a"].every(() => process.env.A)]

// => [[1, 2, [3]], [1, [2, [3]]], [1, 2, 3], [1, 2, [3]]]
const deep = [1, [2, [3]]];
return [deep.flat(undefined), deep.flat(NaN), deep.flat(Infinity), deep.flat("1" as any)]

// => [{"stage": "production"}, "object"]
return [$input, typeof $input]

// => [{"$output": {"a": 1, "b": 2}}, {"$output": [1, 2]}, {"$output": 3}]
return [$output({ a: 1, b: $output(2) }), $output([$output(1), 2]), $output($output(3))]

// => [{"$output": {"a": [1]}}, {"$output": "{\"a\":1}"}, {"$unknown": "an asset is known only at deployment"}]
return [$jsonParse($output("{\"a\": [1]}")), $jsonStringify({ a: $output(1) }), $asset("a.txt")]

// => [{"$output": "ab1"}, {"$unknown": "process.env.X is set outside the repository"}, {"$unknown": "process.env.X is set outside the repository"}]
return [$concat("a", $output("b"), 1), $concat(process.env.X, "b"), $interpolate`${process.env.X}-a`]

// => [{"$output": 2}, {"$output": 1}]
return [$resolve({ a: $output(1) }).apply((o) => o.a + 1), pulumi.all({ a: 1 }).apply((o) => o.a)]

// => ["production", "<pulumi.getProject.>", {"$output": 1}, {"$unknown": "`pulumi.log.info` is known only at deployment"}, {"$unknown": "`pulumi.runtime.isDryRun` is known only at deployment"}]
return [pulumi.getStack(), pulumi.getProject(), pulumi.output(1), pulumi.log.info("x"), pulumi.runtime.isDryRun()]

// => [{"$output": 1}, {"$output": 5}, {"$output": 7}, {"$output": 2}, {"$output": "$undefined"}]
return [$output(1).apply(), $output({ a: 5 }).a, $output([7])[0], $output("ab").length, $output({ f: 1 }).nothing]

// => ["retain", "$undefined", {"$unknown": "$cli is known only at deployment"}, {"$unknown": "$cli.command depends on the command that is run"}]
return [$app.removal, $app.nothing, $cli.paths, $cli.command]

// => [{"$output": 1}, "<sst.aws.Queue.url.length>", "<sst.aws.Queue.nodes.queue.arn>", "<sst.aws.Queue.nothing>", {"$unknown": "`sst.aws.Queue.arn` is known only at deployment"}, {"$unknown": "the type of an output"}, {"$unknown": "`sst.aws.Queue.arn` is known only at deployment"}, {"$unknown": "`sst.aws.Queue.arn` is known only at deployment"}]
const q = new sst.aws.Queue("Q"); return [q.arn.apply((a) => 1), q.url.length, q.nodes.queue.arn, q.nothing, `${q.arn}`, typeof q.arn, q.arn === q.arn, q.arn == null]

// => [{"$output": true}, true, {"$output": 1}]
const q = new sst.aws.Queue("Q"); const make = async () => q; return [await make().then((x) => x === q), await make().finally(() => 1) === q, q.apply((x) => 1)]

// => ["<aws.getRegionOutput.name>", "<aws.getCallerIdentity.>", "<aws.getRegion.>"]
return [aws.getRegionOutput().name, aws.getCallerIdentity({}), await aws.getRegion()]

// => "<sst.aws.Vpc.securityGroups>"
const v = await sst.aws.Vpc.get("V", "vpc-1").securityGroups; return v

// => ["<sst.Secret.value>", "<sst.Secret.value>", "<sst.Linkable.properties>"]
return [new sst.Secret("S").value, new sst.Secret("S2", "placeholder").value, new sst.Linkable("L", { properties: { a: 1 } }).properties]

// => ["function", "object"]
return [typeof sst.aws.Function, typeof sst.aws]

// => ["<sst.aws.Function.arn>", "<sst.aws.Function.name>", "<sst.aws.Function.url>", "<sst.aws.Function.nodes.function.timeout>"]
const f = new sst.aws.Function("F", { handler: "a.h" }); const { arn, name } = f; return [arn, name, f.url, f.nodes.function.timeout]

// => 1
$transform(process.env.X as any, () => {}); return 1

// => ["boolean", "object", "function", "function", {"$unknown": "whether `sst` exists is known only at run time"}]
return [typeof $dev, typeof $app, typeof $config, typeof $transform, typeof sst]

// => ["<pulumi.asset.FileAsset.>", "function"]
return [new pulumi.asset.FileAsset("a"), typeof pulumi.ComponentResource]

// => [{"$unknown": "it depends on an unknown value"}, false, {"$unknown": "the called value is not a known function"}, {"$output": null}, false, {"$output": 0}]
return [$output(5) + 1, $output(5) === 5, $output("a").toUpperCase(), $output(null) ?? 1, !$output(false), $output(0) || 2]

// => [{"$output": 1}, false, {"$output": "$undefined"}, {"$output": "a1"}]
const { a } = $output({ a: 1 }) as any; const { b = 5 } = $output({}) as any; return [a, a === 1, b, $concat("a", undefined, null, 1)]

// => ["An output is an object with properties of its own", {"$unknown": "it spreads an output, which is known only at deployment"}]
const o = { ...($output({ a: 1 }) as any) }; return ["An output is an object with properties of its own", o.a]

// => [{"$unknown": "code that may run later writes it: a callback, or an async function after an `await`"}, {"$output": 3}]
let n = 0; const sum = $resolve({ a: $output(1), b: [$output(2)] }).apply(({ a, b }) => { n = a; return a + b[0] }); return [n, sum]

// => [{"$output": "x1"}, {"$output": {"$oneOf": ["x", "y"]}}]
const o = { v: 1, tag(texts: string[], n: number) { return $output("x" + this.v) } }; return [o.tag`a${1}`, $output(process.env.A === "1" ? "x" : "y")]

// => ["caught", "caught", "caught"]
// What throws later ends the program, so that it does not matter what a handler around it does.
const caught = (run: () => unknown) => { try { return run() } catch { return "caught" } };
const fail = () => { throw new Error("late") };
return [caught(() => $output(1).apply(fail)), caught(() => setTimeout(fail)), caught(() => Promise.resolve(1).then(fail))]
