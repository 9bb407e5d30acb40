const minutes = (count: number) => `${count} minutes` as const;

export const limits = {
  chat: $app.stage === "production" ? "60 seconds" : minutes(5),
};
