/// <reference path="./.sst/platform/config.d.ts" />
// SST 4.17.0
// open-next.config.ts: export default { default: { override: { wrapper: "aws-lambda-streaming" } }, functions: {} };
// astro.config.mjs: import aws from "astro-sst"; export default { output: "server", adapter: aws({ responseMode: "stream" }) };
// web/nuxt.config.ts: export default defineNuxtConfig({ nitro: { preset: "aws-lambda", awsLambda: { streaming: true } } });
// solid/app.config.ts: export default defineConfig({ server: { preset: "aws-lambda", awsLambda: { streaming: false } } });
export default $config({
  app: () => ({ name: "sites", home: "aws" }),
  async run() {
    const router = new sst.aws.Router("Router", { domain: { name: "example.com", aliases: ["www.example.com"] } });
    const next = new sst.aws.Nextjs("Next", {
      router: { instance: router, path: "/next", connectionTimeout: "5 seconds", readTimeout: "50 seconds" },
      server: { timeout: "45 seconds", memory: "3 GB", architecture: "arm64" }, warm: 5, openNextVersion: "3.6.0",
      environment: { A: "1" }, transform: { server: { logging: false }, imageOptimizer: { timeout: "40 seconds" } },
    });
    new sst.aws.Astro("Astro", { server: { timeout: $dev ? "20 seconds" : "70 seconds" }, protection: "oac-with-edge-signing" });
    new sst.aws.Nuxt("Nuxt", { path: "web", transform: { cdn: (args) => {
      args.origins = $output(args.origins).apply((all) => all.map((one) => ({ ...one, customOriginConfig: { ...one.customOriginConfig, originReadTimeout: 60 } })));
    } } });
    new sst.aws.SolidStart("Solid", { path: "solid", server: { timeout: process.env.SERVER as any } });
    new sst.aws.React("React", { regions: ["us-east-1", "eu-west-1"], edge: { viewerRequest: { injection: "" } } });
    new sst.aws.Remix("Remix", { server: { runtime: "nodejs20.x", timeout: "2 minutes" }, cdn: true });
    new sst.aws.SvelteKit("Kit", {
      transform: { server: { streaming: false, timeout: "15 seconds" } }, streaming: true as any, timeout: "10 seconds" as any,
      protection: { mode: "oac-with-edge-signing", edgeFunction: { timeout: "7 seconds" } },
    });
    new sst.aws.StaticSite("Docs", { path: "docs", router: { instance: router, path: "/docs" } });
    const fn = new sst.aws.Function("Fn", { handler: "src/fn.handler", url: { router: { instance: router, path: "/fn", readTimeout: "30 seconds" } }, timeout: "90 seconds", streaming: true });
    router.route("/api", fn.url, { readTimeout: "40 seconds", rewrite: { regex: "^/api/(.*)$", to: "/$1" } });
    router.routeBucket("/files", new sst.aws.Bucket("Files"));
    const old = new sst.aws.Router("Old", { routes: { "/*": { url: fn.url, readTimeout: "25 seconds" }, "/x/*": "https://example.org" } });
    return { next: next.url, old: old.url };
  },
});
