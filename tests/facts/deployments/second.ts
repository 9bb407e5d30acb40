// SST 2.44.0
import { SSTConfig } from "sst";
import { Api, ApiGatewayV1Api, Bucket, Cron, Function, NextjsSite, Queue, StackContext, StaticSite, Table, use } from "sst/constructs";
function Data({ stack }: StackContext) {
  const table = new Table(stack, "Table", { fields: { id: "string" }, primaryIndex: { partitionKey: "id" }, stream: true, consumers: { change: "src/change.handler" } });
  return { table };
}
function Main({ stack, app }: StackContext) {
  stack.setDefaultFunctionProps({ timeout: app.stage === "production" ? 30 : "20 seconds", memorySize: "512 MB", runtime: "nodejs18.x" });
  const { table } = use(Data);
  const api = new Api(stack, "Api", {
    defaults: { function: { timeout: "25 seconds", bind: [table] } },
    routes: { "GET /": "src/list.handler", "POST /": { function: { handler: "src/make.handler", timeout: "40 seconds" } } },
  });
  new Function(stack, "Chat", { handler: "src/chat.handler", url: { authorizer: "iam" }, enableLiveDev: false, timeout: "10 minutes", diskSize: 1024 });
  new Queue(stack, "Queue", { consumer: { function: { handler: "src/queue.handler", timeout: 70 }, cdk: { eventSource: { batchSize: 5 } } }, cdk: { queue: { visibilityTimeout: 60 } } });
  new Cron(stack, "Cron", { schedule: "rate(1 day)", job: "src/cron.handler" });
  new Bucket(stack, "Bucket", { notifications: { made: { function: "src/made.handler", events: ["object_created"] } } });
  new NextjsSite(stack, "Next", { path: "web", timeout: "50 seconds", memorySize: "2 GB", warm: 10, cdk: { distribution: { comment: "mine" } } });
  new ApiGatewayV1Api(stack, "Rest", { routes: { "GET /rest": { function: { handler: "src/rest.handler", timeout: "40 seconds" } } } });
  new StaticSite(stack, "Static", { path: "docs" });
  stack.addOutputs({ url: api.url });
}
export default {
  config(input) { return { name: input.stage === "production" ? "second" : "first", region: "us-east-1" }; },
  stacks(app) {
    app.setDefaultFunctionProps({ architecture: "arm_64" });
    app.stack(Data).stack(Main);
  },
} satisfies SSTConfig;
