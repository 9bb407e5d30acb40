/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    const production = input.stage === "production";
    return { name: "shop", home: "aws", removal: production ? "retain" : "remove", protect: production };
  },
  async run() {
    await import("./infra/api");
  },
});
