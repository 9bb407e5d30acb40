/// <reference path="./.sst/platform/config.d.ts" />
// SST >=3.0.0
export default $config({
  app: () => ({ name: "assumed", home: "aws" }),
  async run() {
    const vpc = new sst.aws.Vpc("Net");
    new sst.aws.Function("Inside", { handler: "src/inside.handler", vpc, streaming: true, url: true, timeout: "1 minute" });
    new sst.aws.StaticSite("Docs", { cdn: false, base: "/docs" });
    new sst.aws.Auth("Auth", { authenticator: "src/auth.handler" });
    new sst.aws.Nuxt("Nuxt", { server: { timeout: "40 seconds" }, transform: { cdn: { origins: [] }, imageOptimization: {} } });
    new sst.aws.Queue("With Space");
  },
});
