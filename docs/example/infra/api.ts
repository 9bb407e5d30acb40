import { limits } from "./limits";

new sst.aws.Function("Chat", {
  handler: "src/chat.handler",
  url: true,
  streaming: true,
  timeout: limits.chat,
});
