/// <reference path="./.sst/platform/config.d.ts" />
// SST 4.17.0
const short = process.env.SHORT === "1";
export default $config({
  app: (input) => ({ name: "unsure", home: short ? "aws" : "cloudflare", removal: process.env.REMOVAL as any }),
  async run() {
    new sst.aws.Nextjs("Early", {});
    $transform(sst.aws.Nextjs, (args) => { args.server = { timeout: "33 seconds" }; });
    $transform(aws.lambda.Function, (args) => { args.timeout ??= 12; });
    $transform(aws.sqs.Queue, short ? (args) => { args.visibilityTimeoutSeconds = 99; } : (args) => {});
    $transform(aws.cloudfront.Distribution, (args) => { args.comment = "x"; });
    const table = new sst.aws.Dynamo("Table", { fields: { id: "string" }, primaryIndex: { hashKey: "id" } });
    new sst.aws.Function("Either", {
      handler: short ? "src/a.handler" : "src/b.handler", timeout: short ? "1 minute" : "20 minutes", streaming: short,
      url: process.env.URL ? { authorization: "iam" } : false, runtime: short ? "nodejs20.x" : undefined,
      memory: table.name as any, link: short ? [table] : [], environment: { ...JSON.parse(process.env.MORE ?? "{}"), A: "1" },
      permissions: [{ actions: short ? ["s3:*"] : ["sqs:*"], resources: ["*"] }, JSON.parse(process.env.PERMISSION ?? "{}")],
      transform: short ? { function: { timeout: 5 } } : {}, retries: process.env.RETRIES as any,
    });
    new sst.aws.Function("Written", { handler: "src/w.handler", timeout: table.name as any, logging: short && { retention: "1 day" } });
    for (const name of (process.env.NAMES ?? "").split(",")) new sst.aws.Function(name, { handler: `src/${name}.handler` });
    const site = new sst.aws.Astro("Site", { server: { timeout: short ? "25 seconds" : "10 lightyears" }, protection: { mode: process.env.MODE as any } });
    const queue = new sst.aws.Queue("Queue", { visibilityTimeout: table.name as any, dlq: short ? "arn:aws:sqs:x" : undefined });
    if (short) queue.subscribe("src/queue.handler");
    const targets = [new sst.aws.Queue("One"), ...(short ? [new sst.aws.Queue("Two", { dlq: queue.arn })] : [])];
    new aws.sns.TopicSubscription("Sub", { redrivePolicy: { deadLetterTargetArn: [targets[0].arn] } } as any);
    const bucket = new sst.aws.Bucket("Bucket");
    bucket.notify({ notifications: JSON.parse(process.env.NOTIFY ?? "[]") });
    bucket.notify({ notifications: [...new Map([["a", { name: "A", function: "src/a.handler" }]]).values()] });
    new sst.aws.CognitoUserPool("Pool", { triggers: JSON.parse(process.env.TRIGGERS ?? "{}") });
    new sst.aws.CognitoUserPool("Some", { triggers: { preSignUp: "src/pre.handler", ...(short ? { postConfirmation: "src/post.handler" } : {}) } });
    new sst.aws.Function("More", { handler: "src/more.handler", ...JSON.parse(process.env.MORE ?? "{}"), transform: { function: { timeout: 7 } } });
    new sst.cloudflare.Worker("Edge", { handler: "src/edge.ts" });
    const router = short ? new sst.aws.Router("Router") : sst.aws.Router.get("Given", "E123");
    router.route("/x", site.url);
    router.route(process.env.PATH_OF as any, short ? "https://a.example" : "https://b.example", { readTimeout: short ? "10 seconds" : "20 seconds" });
    new sst.aws.Cron("Cron", { schedule: short ? "rate(1 minute)" : "rate(1 minutes)", function: short ? "src/cron.handler" : { handler: "src/cron.handler", timeout: "2 minutes" } });
    class Pair extends $util.ComponentResource {
      constructor(name: string) {
        super("my:Pair", name, {});
        new sst.aws.Function(`${name}Left`, { handler: "src/left.handler" }, { parent: this });
      }
    }
    new Pair("Both");
    try { if (short) throw new Error("no"); new sst.aws.Bus("Bus").subscribe("S", "src/bus.handler"); } catch {}
  },
});
