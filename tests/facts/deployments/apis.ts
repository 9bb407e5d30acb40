/// <reference path="./.sst/platform/config.d.ts" />
// SST 4.17.0
export default $config({
  app: () => ({ name: "apis", home: "aws" }),
  async run() {
    $transform(sst.aws.Function, (args, opts, name) => { args.runtime ??= "nodejs22.x"; args.timeout ??= "25 seconds"; });
    const api = new sst.aws.ApiGatewayV2("Api", {
      domain: "api.example.com", cors: { allowOrigins: ["*"] }, accessLog: { retention: "forever" },
      transform: { route: { handler: (args) => { args.memory = "512 MB"; } } },
    });
    api.route("GET /items/{id}", { handler: "src/items.get", timeout: "29 seconds" }, { auth: { iam: true } });
    api.route("$default", "src/items.other");
    api.routeUrl("GET /far", "https://example.com");
    const auth = api.addAuthorizer({ name: "Jwt", jwt: { issuer: "https://id.example.com", audiences: ["a"] } });
    api.route("POST /items", { handler: "src/items.post", timeout: process.env.SLOW ? "40 seconds" : "10 seconds" });
    const rest = new sst.aws.ApiGatewayV1("Rest", { endpoint: { type: "regional" } });
    rest.route("ANY /chat", { handler: "src/chat.handler", streaming: true, timeout: "5 minutes" });
    rest.route("GET /plain", "src/plain.handler");
    rest.deploy();
    const socket = new sst.aws.ApiGatewayWebSocket("Socket");
    socket.route("$connect", "src/connect.handler");
    socket.route("$default", { handler: "src/message.handler", timeout: "1 minute" });
    new sst.aws.Realtime("Live", { authorizer: { handler: "src/live.handler", timeout: "5 seconds" } });
    const login = new sst.aws.Auth("Login", { issuer: { handler: "src/login.handler", timeout: "20 seconds", link: [] }, domain: "auth.example.com" });
    new sst.aws.OpenControl("Control", { server: { handler: "src/control.handler", timeout: "2 minutes" } });
    new sst.aws.CognitoUserPool("Pool", { triggers: { preSignUp: "src/pre.handler", postConfirmation: { handler: "src/post.handler", timeout: "3 seconds" } } });
    const graph = new sst.aws.AppSync("Graph", { schema: "schema.graphql" });
    graph.addDataSource({ name: "Source", lambda: { handler: "src/source.handler" } });
    return { login: login.url, api: api.url, auth };
  },
});
