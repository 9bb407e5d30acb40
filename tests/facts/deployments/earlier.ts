/// <reference path="./.sst/platform/config.d.ts" />
// SST 3.4.10
// open-next.config.ts: export default { default: { override: { wrapper: "aws-lambda" } }, functions: { api: { routes: ["app/api/route"], patterns: ["/api/*"], override: { wrapper: "aws-lambda-streaming" } } } };
export default $config({
  app: (input) => ({ name: "earlier", home: "aws", version: ">= 3.4", providers: { aws: { region: "eu-west-1" } } }),
  async run() {
    new sst.aws.Auth("Auth", { authorizer: { handler: "src/auth.handler", timeout: "10 seconds" } });
    new sst.aws.Function("Chat", { handler: "src/chat.handler", url: true, streaming: true, timeout: "20 minutes" });
    const queue = new sst.aws.Queue("Queue");
    queue.subscribe("src/queue.handler", { transform: { function: { timeout: "90 seconds" } } });
    new sst.aws.Cron("Cron", { schedule: "rate(5 minutes)", job: { handler: "src/cron.handler", timeout: "1 minute" } });
    new sst.aws.Nextjs("Next", { server: { timeout: "60 seconds" }, warm: 1, imageOptimization: { memory: "1 GB", staticEtag: true } });
    new sst.aws.TanstackStart("Start", { server: { runtime: "nodejs20.x" } });
    const service = new sst.aws.Cluster("Cluster", { vpc: { id: "vpc-1", securityGroups: ["a"], containerSubnets: ["b"], loadBalancerSubnets: ["c"], cloudmapNamespaceId: "n", cloudmapNamespaceName: "m" } });
    new sst.aws.Unheard("New", { handler: "src/new.handler" });
    new sst.aws.Functon("Typo", { handler: "src/typo.handler" });
    (globalThis as any).anything(queue);
  },
});
