// One answer at a time, as forms/rules/texts.py and forms/rules/values.py: [value to keep, sentence that refuses it].
// engine.js is the door of this; it says how to use both.

const SPACES = "\t\n \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";
export const LIST_KINDS = ["group", "table"];
export const ONE = 10n ** 12n;
export const LARGEST = 10n ** 30n * ONE;

let table = {};

export function useMessages(messages) {
  table = messages;
}

export function sentence(key, words) {
  return table[key].replace(/\{([a-z]+)\}/g, (_place, name) => (name in words ? String(words[name]) : ""));
}

export const own = (object, key) => (Object.prototype.hasOwnProperty.call(object, key) ? object[key] : undefined);
export const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
export const lengthOf = (text) => [...text].length;
export const whole = (pattern, text) => new RegExp(`^(?:${pattern.source})$`, "u").exec(text);

// --- texts, dates, numbers -------------------------------------------------------------------------------------

const SPACE = new RegExp(`[${SPACES}]`, "u");

function stripped(text) {
  let first = 0;
  let last = text.length;
  while (first < last && SPACE.test(text[first])) first += 1;
  while (last > first && SPACE.test(text[last - 1])) last -= 1;
  return text.slice(first, last);
}

export function normalise(value) {
  return stripped(
    String(value ?? "")
      .replace(/[\ud800-\udfff]/gu, "\ufffd")
      .replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "")
      .replace(/[０-９Ａ-Ｚａ-ｚ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
      .normalize("NFC"),
  );
}

// null for a shape that is no text
function textOf(raw) {
  if (raw === null || raw === undefined || typeof raw === "string") return normalise(raw);
  return typeof raw === "number" && Number.isSafeInteger(raw) ? String(raw) : null;
}

function mendDate(text) {
  const found = whole(
    /([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})/,
    text,
  );
  if (!found) return text;
  const [year, month, day] = found.slice(1).filter(Boolean);
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

function isRealDay(year, month, day) {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

export function dateProblem(text) {
  const found = whole(/([0-9]{4})-([0-9]{2})-([0-9]{2})/, text);
  if (!found || !isRealDay(...found.slice(1).map(Number))) return "date";
  return found[1] >= "1900" && found[1] <= "2199" ? "" : "date_year";
}

// whole days since 1970 of a day that is right
export function dayNumber(text) {
  const [year, month, day] = text.split("-").map(Number);
  return Date.UTC(year, month - 1, day) / 86400000;
}

function mendNumber(text) {
  const half = text.replace(/．/g, ".").replace(/－/g, "-").replace(/，/g, ",");
  return whole(/-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?/, half) ? half.replace(/,/g, "") : half;
}

export function canonical(text) {
  const found = whole(/(-?)0*([0-9]+?)(?:\.([0-9]*?)0*)?/, text);
  if (!found) return text;
  const written = found[3] ? `${found[2]}.${found[3]}` : found[2];
  return written === "0" ? written : found[1] + written;
}

// a decimal text in units of 10^-12, null for anything else
export function numberOf(text) {
  const found = typeof text === "string" ? whole(/(-?)([0-9]{1,40})(?:\.([0-9]{1,12}))?/, text) : null;
  if (!found) return null;
  const number = BigInt(found[2] + (found[3] ?? "").padEnd(12, "0"));
  return found[1] ? -number : number;
}

export const absolute = (number) => (number < 0n ? -number : number);

export function decimalText(number) {
  if (number === null || absolute(number) > LARGEST) return "";
  const digits = String(absolute(number)).padStart(13, "0");
  const part = digits.slice(-12).replace(/0+$/, "");
  return (number < 0n ? "-" : "") + digits.slice(0, -12) + (part ? `.${part}` : "");
}

// half away from zero
export function divided(number, by) {
  const quotient = absolute(number) / absolute(by);
  const up = (absolute(number) % absolute(by)) * 2n >= absolute(by) ? 1n : 0n;
  return number < 0n === by < 0n ? quotient + up : -(quotient + up);
}

export function rounded(text, places) {
  const number = numberOf(text);
  if (number === null) return text;
  const step = 10n ** BigInt(12 - places);
  return decimalText(divided(number, step) * step);
}

const DIGITS = "零壹贰叁肆伍陆柒捌玖";

function wholeInWords(text) {
  let words = "";
  let gap = false;
  [...text].forEach((digit, index) => {
    const place = text.length - 1 - index;
    if (digit === "0") {
      gap = true;
    } else {
      words += (gap && words ? "零" : "") + DIGITS[Number(digit)] + ["", "拾", "佰", "仟"][place % 4];
      gap = false;
    }
    if (place % 4 === 0 && place && Number(text.slice(Math.max(0, index - 3), index + 1))) {
      words += ["", "万", "亿", "万亿"][place / 4];
    }
  });
  return words;
}

export function amountInWords(text) {
  const number = numberOf(text);
  if (number === null || number % 10n ** 10n || absolute(number) >= 10n ** 24n) return "";
  const cents = absolute(number) / 10n ** 10n;
  const yuan = wholeInWords(String(cents / 100n));
  const [jiao, fen] = [Number((cents / 10n) % 10n), Number(cents % 10n)];
  let words = yuan ? `${yuan}元` : "";
  if (!jiao && !fen) {
    words = `${words || "零元"}整`;
  } else {
    words += jiao ? `${DIGITS[jiao]}角` : yuan ? "零" : "";
    words += fen ? `${DIGITS[fen]}分` : "";
  }
  return number < 0n ? `负${words}` : words;
}

// --- one answer ----------------------------------------------------------------------------------------------

export function emptyValue(kind) {
  if ([...LIST_KINDS, "choices", "attachment"].includes(kind)) return [];
  if (kind === "period") return { from: "", to: "" };
  if (kind === "signature") return { name: "", at: "", drawn: "" };
  return kind === "note" ? null : "";
}

export function isEmpty(value) {
  if (isObject(value)) {
    return Object.keys(value).every((key) => key === "at" || key === "copies" || isEmpty(value[key]));
  }
  return value === null || value === "" || (Array.isArray(value) && !value.length);
}

export function readValue(field, raw) {
  if (field.kind === "note") return [null, ""];
  const reader = READERS[field.kind];
  const [value, problem] = reader ? reader(field, raw) : readScalar(field, raw);
  return [value, problem || (field.required && isEmpty(value) ? missing(field) : "")];
}

export function missing(field) {
  if (["choice", "choices", "division"].includes(field.kind)) return sentence("missing_choice", field);
  const keys = { consent: "missing_consent", attachment: "missing_file", signature: "missing_signature" };
  return sentence(keys[field.kind] ?? "missing", field);
}

const upper = (text) => (/^[\x00-\x7f]*$/.test(text) ? text.toUpperCase() : text);
const shape = (field) => sentence("shape", field);

function readScalar(field, raw) {
  const text = textOf(raw);
  if (text === null) return ["", shape(field)];
  return text ? CHECKS[field.kind](field, text) : ["", ""];
}

function checkText(field, value) {
  const max = field.max_length || (field.kind === "textarea" ? 4000 : 200);
  const count = lengthOf(value);
  return [value, count > max ? sentence("too_long", { label: field.label, max, count }) : ""];
}

function citizenNumberProblem(text) {
  if (!whole(/[1-9][0-9]{16}[0-9X]/, text)) return "citizen_number_form";
  const [year, month, day] = [text.slice(6, 10), text.slice(10, 12), text.slice(12, 14)];
  if (!isRealDay(Number(year), Number(month), Number(day))) return "citizen_number_born";
  const sum = [...text].reduce((total, sign, index) => total + 2 ** (17 - index) * (sign === "X" ? 10 : Number(sign)), 0);
  return year >= "1900" && sum % 11 === 1 ? "" : "citizen_number_check";
}

function checkCitizenNumber(_field, value) {
  const key = citizenNumberProblem(upper(value));
  return [upper(value), key ? sentence(key, {}) : ""];
}

function isUscc(text) {
  if (!whole(/[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}/, text)) return false;
  const signs = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  let weight = 1;
  let sum = 0;
  for (const sign of text.slice(0, 17)) {
    sum += signs.indexOf(sign) * weight;
    weight = (weight * 3) % 31;
  }
  return signs[(31 - (sum % 31)) % 31] === text[17];
}

const checkUscc = (field, value) => [upper(value), isUscc(upper(value)) ? "" : sentence("uscc", field)];
const checkPhone = (field, value) => [value, whole(/1[3-9][0-9]{9}/, value) ? "" : sentence("phone", field)];

function checkEmail(field, value) {
  const part = `[^@${SPACES}]+`;
  const right = lengthOf(value) <= 200 && new RegExp(`^${part}@${part}\\.${part}$`, "u").test(value);
  return [value, right ? "" : sentence("email", field)];
}

function checkDate(field, value) {
  const text = mendDate(value);
  const key = dateProblem(text);
  return [text, key ? sentence(key, field) : ""];
}

function checkNumber(field, value) {
  const given = mendNumber(value);
  const wrong = field.kind === "amount" ? "amount" : field.places ? "number" : "integer";
  if (!whole(/-?[0-9]{1,12}(\.[0-9]{1,6})?/, given)) return [given, sentence(wrong, field)];
  const text = canonical(given);
  if ((text.split(".")[1] ?? "").length > field.places) return [text, sentence(wrong, field)];
  if (field.min && numberOf(text) < numberOf(field.min)) return [text, sentence("below", field)];
  if (field.max && numberOf(text) > numberOf(field.max)) return [text, sentence("above", field)];
  return [text, ""];
}

const isOption = (field, value) => field.options.some((option) => option[0] === value);
const checkChoice = (field, value) => [value, isOption(field, value) ? "" : sentence("option", field)];
const checkConsent = (field, value) => [value, value === "yes" ? "" : missing(field)];

function checkDivision(field, value) {
  if (!whole(/[0-9]{6}([0-9]{6})?/, value)) return [value, sentence("division", field)];
  const code = value.padEnd(12, "0");
  const deep = field.level === "town" || field.level === "village";
  if (deep && code.slice(6, 9) === "000") return [value, sentence(`division_${field.level}`, field)];
  if (field.level === "village" && code.slice(9) === "000") return [value, sentence("division_village", field)];
  return [value, ""];
}

const CHECKS = {
  text: checkText,
  textarea: checkText,
  address: checkText,
  citizen_number: checkCitizenNumber,
  uscc: checkUscc,
  phone: checkPhone,
  email: checkEmail,
  date: checkDate,
  number: checkNumber,
  amount: checkNumber,
  choice: checkChoice,
  consent: checkConsent,
  division: checkDivision,
};

const isNothing = (raw) => raw === null || raw === undefined || raw === "";

function readChoices(field, raw) {
  const listed = isNothing(raw) ? [] : typeof raw === "string" ? [raw] : raw;
  const given = Array.isArray(listed) ? listed.map(textOf) : [null];
  if (given.includes(null)) return [[], shape(field)];
  const picked = new Set(given.filter(Boolean));
  const known = field.options.map((option) => option[0]).filter((value) => picked.has(value));
  const unknown = [...picked].filter((value) => !isOption(field, value));
  const [value, count] = [[...known, ...unknown], picked.size];
  if (unknown.length) return [value, sentence("option", field)];
  const words = { label: field.label, min: field.min, max: field.max, count };
  if (count && field.min && count < Number(field.min)) return [value, sentence("too_few", words)];
  return [value, field.max && count > Number(field.max) ? sentence("too_many", words) : ""];
}

function readPeriod(field, raw) {
  const given = isNothing(raw) ? {} : raw;
  const texts = isObject(given) ? [textOf(own(given, "from")), textOf(own(given, "to"))] : [null];
  if (texts.includes(null)) return [emptyValue("period"), shape(field)];
  const [first, last] = texts.map(mendDate);
  const value = { from: first, to: last };
  if (!first && !last) return [value, ""];
  if (!first || !last) return [value, sentence("period_half", field)];
  const key = dateProblem(first) || dateProblem(last);
  if (key) return [value, sentence(key, field)];
  const count = dayNumber(last) - dayNumber(first) + 1;
  if (count < 1) return [value, sentence("period_order", field)];
  const long = field.max_days && count > field.max_days;
  return [value, long ? sentence("period_long", { label: field.label, max: field.max_days, count }) : ""];
}

function extension(name) {
  const text = name.slice(name.lastIndexOf(".") + 1);
  return /^[\x00-\x7f]*$/.test(text) ? text.toLowerCase() : text;
}

function readAttachment(field, raw) {
  const given = isNothing(raw) ? [] : raw;
  if (!Array.isArray(given)) return [[], shape(field)];
  let problem = "";
  const kept = new Map();
  for (const one of given) {
    const file = isObject(one) ? textOf(own(one, "file")) : null;
    const name = isObject(one) ? textOf(own(one, "name")) : null;
    if (file === null || name === null || !whole(/[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}/, file)) {
      problem ||= shape(field);
      continue;
    }
    let copies = textOf(own(one, "copies")) || String(field.copies);
    if (!whole(/[1-9][0-9]{0,2}/, copies)) {
      problem ||= sentence("copies", field);
      copies = String(field.copies);
    }
    if (field.formats.length && !field.formats.includes(extension(name))) {
      problem ||= sentence("file_format", { label: field.label, formats: field.formats.join("、"), name });
    }
    kept.set(file, { file, name: stripped([...name].slice(0, 120).join("")), copies: Number(copies) });
  }
  if (kept.size > field.max_files) {
    problem ||= sentence("files_many", { label: field.label, max: field.max_files, count: kept.size });
  }
  return [[...kept.values()], problem];
}

const INSTANT = /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}[0-9:.]{0,13}(Z|[+-][0-9]{2}:[0-9]{2})/;

function readSignature(field, raw) {
  const given = isNothing(raw) || typeof raw === "string" ? { name: raw } : raw;
  const texts = isObject(given) ? ["name", "at", "drawn"].map((part) => textOf(own(given, part))) : [null];
  if (texts.includes(null)) return [emptyValue("signature"), shape(field)];
  const [name, at, drawn] = texts;
  const value = { name, at: whole(INSTANT, at) ? at : "", drawn };
  if (drawn && (lengthOf(drawn) > 200000 || !/^data:image\/png;base64,[A-Za-z0-9+/]+={0,2}$/.test(drawn))) {
    return [{ ...value, drawn: "" }, sentence("signature_drawn", field)];
  }
  if (drawn && !name) return [value, sentence("signature_name", field)];
  const count = lengthOf(name);
  return [value, count > 50 ? sentence("too_long", { label: field.label, max: 50, count }) : ""];
}

const READERS = { choices: readChoices, period: readPeriod, attachment: readAttachment, signature: readSignature };
