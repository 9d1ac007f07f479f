// Posts three events with the CloudEvents JavaScript SDK and reads them back; prints what it saw as JSON.
// Arguments: the log's address, and the path of a file with the events' attributes.
import { readFile } from "node:fs/promises";
import { CloudEvent, HTTP } from "cloudevents";

const [log, file] = process.argv.slice(2);
const events = JSON.parse(await readFile(file, "utf8")).map((attributes) => new CloudEvent(attributes));

const post = async ({ headers, body }) => {
  const answer = await fetch(`${log}/v1/events`, { method: "POST", headers, body });
  return { status: answer.status, body: await answer.json() };
};
const [one, two, ...rest] = events;
const posted = {
  structured: await post(HTTP.structured(one)),
  binary: await post(HTTP.binary(two)),
  again: await post(HTTP.binary(one)),
  // The SDK reads batches and writes none; events as it writes each of them make one.
  batch: await post({
    headers: { "content-type": "application/cloudevents-batch+json" },
    body: `[${rest.map((event) => HTTP.structured(event).body).join(",")}]`,
  }),
};

const read = async (path) => {
  const answer = await fetch(`${log}${path}`);
  return HTTP.toEvent({ headers: Object.fromEntries(answer.headers), body: await answer.text() });
};
console.log(JSON.stringify({ sent: events, posted, first: await read("/v1/events/1"), all: await read("/v1/events") }));
