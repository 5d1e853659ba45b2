// Answers the tests: a question per line (JSON: declaration, answers), an answer per line; the folder is the argument.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const engine = await import(pathToFileURL(`${folder}/engine.js`));
engine.useMessages(JSON.parse(readFileSync(`${folder}/messages.json`, "utf8")));

// halves of characters must survive the pipe
const ascii = (value) =>
  JSON.stringify(value).replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

function answer({ declaration, answers, text }) {
  if (text !== undefined) return { words: engine.amountInWords(text), normalised: engine.normalise(text) };
  return {
    ...engine.clean(declaration, answers),
    asked: [...engine.asked(declaration, answers)].sort(),
    computed: engine.computed(declaration, answers),
  };
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let found;
  try {
    found = answer(JSON.parse(line));
  } catch (problem) {
    found = { failed: problem.stack };
  }
  process.stdout.write(`${ascii(found)}\n`);
}
