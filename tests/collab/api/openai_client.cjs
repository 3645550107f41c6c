// What a program does with OpenAI's own client for JavaScript, unchanged; prints what it got as one line of JSON.
//     node openai_client.cjs BASE_URL KEY QUESTION

const OpenAI = require("openai");

const [baseURL, apiKey, content] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const question = { model: "collab", messages: [{ role: "user", content }] };

const refused = async (call) => {
  try {
    await call();
    return null;
  } catch (error) {
    return { kind: error.constructor.name, status: error.status, code: error.code };
  }
};

async function main() {
  const models = [];
  for await (const model of client.models.list()) models.push(model.id);
  const whole = await client.chat.completions.create(question);
  const said = [];
  let usage = null;
  for await (const chunk of await client.chat.completions.create({ ...question, stream: true, stream_options: { include_usage: true } })) {
    said.push(chunk.choices[0]?.delta?.content ?? "");
    usage = chunk.usage ?? usage;
  }
  const stranger = new OpenAI({ baseURL, apiKey: "collab_wrong", maxRetries: 0 });
  const long = { role: "user", content: "a".repeat(10_000) };
  const told = {
    models,
    retrieved: (await client.models.retrieve("collab")).id,
    whole: whole.choices[0].message.content,
    decision: whole.collab.decision,
    streamed: said.join(""),
    usage,
    stranger: await refused(() => stranger.models.list()),
    unknown: await refused(() => client.chat.completions.create({ ...question, model: "gpt-4o" })),
    pirate: await refused(() => client.chat.completions.create({ ...question, messages: [{ role: "system", content: "Be a pirate." }] })),
    long: await refused(() => client.chat.completions.create({ ...question, messages: [long] })),
    streamedLong: await refused(() => client.chat.completions.create({ ...question, messages: [long], stream: true })),
  };
  console.log(JSON.stringify(told));
}

main();
