import { streamText } from "ai"
import { Hono } from "hono"
import { streamHandle } from "hono/aws-lambda"

const app = new Hono().post("/chat", async (c) => {
  const { messages } = await c.req.json()
  return streamText({ model: "openai/gpt-5", messages }).toUIMessageStreamResponse()
})

export const handler = streamHandle(app)
