// What run() returns, of what SST and Pulumi give to it.

// => ["production", false, "app", false]
return [$app.stage, $dev, $app.name, $app.protect]

// => {"$output": "4 minutes"}
return $output("4 minutes")

// => {"$output": "4 minutes"}
return $output("4").apply((v) => v + " minutes")

// => {"$output": 3}
return $resolve([1, $output(2)]).apply(([a, b]) => a + b)

// => "abc"
return $interpolate`a${$output("b")}c`

// => "a1"
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

// => [{"$unknown": "process.env.A is set outside the repository"}, {"$unknown": "process.env.A is set outside the repository"}]
return [["a"].some(() => process.env.A), ["a"].every(() => process.env.A)]

// => [[1, 2, [3]], [1, [2, [3]]], [1, 2, 3], [1, 2, [3]]]
const deep = [1, [2, [3]]];
return [deep.flat(undefined), deep.flat(NaN), deep.flat(Infinity), deep.flat("1" as any)]
