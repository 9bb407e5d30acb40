/// <reference path="./.sst/platform/config.d.ts" />
// SST 4.17.0
export default $config({
  app: () => ({ name: "events", home: "aws" }),
  async run() {
    const dead = new sst.aws.Queue("Dead");
    const work = new sst.aws.Queue("Work", { visibilityTimeout: "2 minutes", dlq: { queue: dead.arn, retry: 5 }, fifo: true });
    work.subscribe({ handler: "src/work.handler", timeout: "5 minutes" }, { batch: { size: 10, partialResponses: true } });
    const slow = new sst.aws.Queue("Slow", { visibilityTimeout: process.env.WAIT ? "1 hour" : "30 seconds" });
    slow.subscribe("src/slow.handler");
    const files = new sst.aws.Bucket("Files");
    files.notify({ notifications: [
      { name: "Made", function: { handler: "src/made.handler", timeout: "15 minutes" }, events: ["s3:ObjectCreated:*"] },
      { name: "Gone", function: "src/gone.handler" },
    ] });
    const bus = new sst.aws.Bus("Bus");
    bus.subscribe("Paid", { handler: "src/paid.handler" }, { pattern: { source: ["shop"] } });
    const topic = new sst.aws.SnsTopic("Topic");
    topic.subscribe("News", "src/news.handler", { transform: { function: { timeout: 9 } } });
    const table = new sst.aws.Dynamo("Table", { fields: { id: "string" }, primaryIndex: { hashKey: "id" }, stream: "new-image" });
    table.subscribe("Change", { handler: "src/change.handler", retries: 0 });
    new sst.aws.Cron("Nightly", { schedule: "cron(0 3 * * ? *)", function: { handler: "src/nightly.handler", timeout: "10 minutes" } });
    new sst.aws.CronV2("Hourly", { schedule: "rate(1 hour)", function: "src/hourly.handler", retries: 2 });
    const step = sst.aws.StepFunctions.lambdaInvoke({ name: "Step", function: { handler: "src/step.handler" } });
    new sst.aws.StepFunctions("Machine", { definition: step });
    new aws.sqs.Queue("RawQueue", { visibilityTimeoutSeconds: 10, redrivePolicy: JSON.stringify({ maxReceiveCount: 3 }) });
    new aws.lambda.EventSourceMapping("Mapping", { eventSourceArn: work.arn, functionName: "other" });
    $transform(sst.aws.Queue, (args) => { args.visibilityTimeout ??= "1 minute"; });
    new sst.aws.Queue("Late").subscribe({ handler: "src/late.handler", timeout: "50 seconds" });
  },
});
