// Checks the offline token of a licence without any server: the public keys came with the page.
// Format: engine/token.py. What it cannot know: whether the licence was withdrawn since.
const PREFIX = "EL1:";
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SIGNATURE_BYTES = 64;
const MOST_JSON = 8000;

class BadToken extends Error {}

function bytesOf(base32) {
  const bytes = new Uint8Array(Math.floor((base32.length * 5) / 8));
  let held = 0;
  let bits = 0;
  let place = 0;
  for (const character of base32) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) throw new BadToken("alphabet");
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[place++] = (held >> bits) & 0xff;
    }
  }
  // spare bits must be zero: a token is written in one way only
  if (held & ((1 << bits) - 1)) throw new BadToken("spare bits");
  return bytes;
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The last 65 bytes of a public key's DER are its point: 04, x, y.
function pointOf(pem) {
  const body = atob(pem.replace(/-----[^-]+-----|\s/g, ""));
  return hex(Uint8Array.from(body.slice(-65), (character) => character.charCodeAt(0)));
}

async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const text = await new Response(stream).text();
  if (text.length > MOST_JSON) throw new BadToken("too long");
  return JSON.parse(text);
}

// {facts, holds} of a token; holds is null when no key of ours made it. Throws BadToken.
export async function check(text, keys) {
  const tidy = text.replace(/\s/g, "").toUpperCase();
  if (!tidy.startsWith(PREFIX)) throw new BadToken("prefix");
  const data = bytesOf(tidy.slice(PREFIX.length));
  if (data.length <= SIGNATURE_BYTES) throw new BadToken("length");
  const packed = data.slice(0, -SIGNATURE_BYTES);
  const signature = hex(data.slice(-SIGNATURE_BYTES));
  const facts = await unpacked(packed).catch(() => {
    throw new BadToken("contents");
  });
  if (facts.v !== 1) throw new BadToken("version");
  const known = Object.keys(keys).find((id) => facts.k && id.startsWith(facts.k));
  if (!known) return { facts, holds: null };
  const signed = new Uint8Array([...new TextEncoder().encode(PREFIX), ...packed]);
  const options = { hash: true, der: false, userId: "1234567812345678" };
  return { facts, holds: globalThis.SmCryptoV2.sm2.doVerifySignature(signed, signature, pointOf(keys[known]), options) };
}

function day(digits) {
  return digits ? `${Number(digits.slice(0, 4))}年${Number(digits.slice(4, 6))}月${Number(digits.slice(6))}日` : "";
}

function today() {
  return new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10).replaceAll("-", "");
}

function verdictOf(facts, words) {
  if (facts.u && today() > facts.u) return ["revoked", words.expired];
  if (facts.f && today() < facts.f) return ["revoked", words.early];
  return ["valid", words.good];
}

function show(root, state, title, sentence, facts) {
  const badge = root.querySelector("[data-result]");
  badge.className = `zt-seal zt-seal-${state}`;
  badge.querySelector("[data-title]").textContent = title;
  badge.querySelector("[data-sentence]").textContent = sentence;
  const list = badge.querySelector("[data-facts]");
  list.replaceChildren();
  for (const [label, value] of facts.filter((pair) => pair[1])) {
    const row = document.createElement("div");
    const name = document.createElement("dt");
    const said = document.createElement("dd");
    name.textContent = label;
    said.textContent = value;
    row.append(name, said);
    list.append(row);
  }
  badge.hidden = false;
  badge.focus();
}

async function answer(root) {
  const words = root.dataset;
  const text = root.querySelector("textarea").value;
  let found;
  try {
    found = await check(text, JSON.parse(words.keys));
  } catch {
    show(root, "invalid", words.bad, words.badSentence, []);
    return;
  }
  if (!found.holds) {
    show(root, "invalid", words.bad, found.holds === null ? words.unknown : words.badSentence, []);
    return;
  }
  const facts = found.facts;
  const [state, title] = verdictOf(facts, words);
  const period = facts.u ? `${day(facts.f || facts.s)}至${day(facts.u)}` : words.unlimited;
  show(root, state, title, words.caution, [
    ["证照名称", facts.t],
    ["编号", facts.n],
    ["持有人", facts.h],
    ["签发单位", facts.i],
    ["签发日期", day(facts.s)],
    ["有效期", period],
    ["查验码", facts.c.match(/.{1,4}/g).join("-")],
  ]);
}

const root = globalThis.document?.querySelector("[data-offline-check]");
if (root) {
  root.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    answer(root);
  });
  root.hidden = false;
}
