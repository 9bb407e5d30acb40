/// <reference path="./.sst/platform/config.d.ts" />
// SST 4.17.0
const minutes = (n: number) => `${n} minutes` as const;
export default $config({
  app(input) {
    return { name: "shop", home: "aws", removal: input.stage === "production" ? "retain" : "remove", protect: true };
  },
  async run() {
    const vpc = new sst.aws.Vpc("Net");
    const table = new sst.aws.Dynamo("Table", { fields: { id: "string" }, primaryIndex: { hashKey: "id" } });
    const secret = new sst.Secret("Key", "none");
    const defaults = { runtime: "nodejs20.x", memory: "2 GB", timeout: minutes(3) } as const;
    const chat = new sst.aws.Function("Chat", {
      ...defaults,
      handler: "src/chat.handler",
      timeout: $app.stage === "production" ? minutes(10) : minutes(1),
      streaming: true,
      url: { cors: true, authorization: "iam" },
      link: [table, secret],
      environment: { LEVEL: $dev ? "debug" : "info" },
      architecture: "arm64",
      logging: { retention: "1 week" },
      concurrency: { reserved: 5 },
      permissions: [{ actions: ["s3:GetObject", "s3:PutObject"], resources: ["*"] }],
      retries: 1,
    });
    new sst.aws.Function("Plain", "src/plain.handler");
    new sst.aws.Function("Inside", { handler: "src/inside.handler", vpc, timeout: process.env.LIMIT ?? "30 seconds" });
    new sst.aws.Function("Durable", { handler: "src/durable.handler", durable: { timeout: "1 day" }, versioning: true });
    new sst.aws.Function("Odd", { handler: "src/odd.handler", timeout: "10 parsecs", memory: process.env.MEMORY ? "1 GB" : "512 MB" });
    new sst.aws.Workflow("Flow", { handler: "src/flow.handler", timeout: { invocation: minutes(7) } });
    new aws.lambda.Function("Raw", { timeout: 44, memorySize: 256, handler: "index.handler", role: "arn:aws:iam::1:role/x" });
    if (process.env.EXTRA) {
      new sst.aws.Function("Perhaps", { handler: "src/perhaps.handler", url: true });
    }
    return { chat: chat.url };
  },
});
