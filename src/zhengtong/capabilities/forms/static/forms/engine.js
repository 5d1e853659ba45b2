// The checks of a form in the browser: the same steps and sentences as forms/rules (Python); no DOM.
// Hand the table of sentences (messages.json) to useMessages once; a declaration is the JSON of its version.

import {
  LARGEST,
  LIST_KINDS,
  ONE,
  absolute,
  canonical,
  dateProblem,
  dayNumber,
  decimalText,
  divided,
  emptyValue,
  isEmpty,
  isObject,
  lengthOf,
  missing,
  numberOf,
  own,
  readValue,
  rounded,
  sentence,
  whole,
} from "./values.js";

export { amountInWords, normalise, useMessages } from "./values.js";

const MOST_ROWS = 500;

// --- the declaration with what it does not say -----------------------------------------------------------------

const read = new WeakMap();

function readDefinition(data) {
  let found = read.get(data);
  if (!found) {
    const sections = data.sections.map((section) => ({ ...section, fields: section.fields.map(readField) }));
    const fields = sections.flatMap((section) => section.fields);
    const sectionOf = new Map(sections.flatMap((section) => section.fields.map((field) => [field.key, section])));
    found = { fields, sectionOf, byKey: new Map(fields.map((field) => [field.key, field])), checks: data.checks ?? [] };
    read.set(data, found);
  }
  return found;
}

function readField(data) {
  const fields = LIST_KINDS.includes(data.kind) ? (data.fields ?? []).map(readField) : [];
  const usualPlaces = data.kind === "computed" ? 2 : 4;
  return {
    ...data,
    fields,
    byKey: new Map(fields.map((field) => [field.key, field])),
    required: data.required ?? true,
    options: data.options ?? [],
    min: canonical(String(data.min ?? "")) || (data.kind === "amount" ? "0" : ""),
    max: canonical(String(data.max ?? "")),
    places: data.kind === "amount" ? 2 : (data.places ?? usualPlaces),
    formats: data.formats ?? [],
    max_files: data.max_files || 1,
    copies: data.copies || 1,
    min_rows: data.min_rows || 0,
    max_rows: data.max_rows || 50,
  };
}

// --- formulas (rules/formulas.py) --------------------------------------------------------------------------------

// a constant or a result as text; a formula over an empty answer is empty
function evaluate(formula, scope) {
  if ("field" in formula) {
    const value = scope.value(formula.field);
    const part = isObject(value) && formula.part ? (own(value, formula.part) ?? "") : value;
    return typeof part === "string" ? part : "";
  }
  if ("value" in formula) return String(formula.value);
  if (AGGREGATES[formula.op]) return AGGREGATES[formula.op](entries(formula, scope));
  const given = (formula.args ?? []).map((arg) => evaluate(arg, scope));
  return given.includes("") || !STRICT[formula.op] ? "" : STRICT[formula.op](given);
}

function entries(formula, scope) {
  const found = formula.args.flatMap((arg) => {
    if ("column" in arg) return scope.column(arg.column[0], arg.column[1]);
    const value = "field" in arg ? scope.value(arg.field) : "";
    return Array.isArray(value) ? value : [evaluate(arg, scope)];
  });
  return found.filter((one) => !isEmpty(one));
}

const add = (numbers) => numbers.reduce((total, number) => total + number, 0n);

// a function over numbers, empty where one is none
const ofNumbers = (reckon) => (given) => {
  const numbers = given.map(numberOf);
  return numbers.includes(null) ? "" : decimalText(reckon(numbers));
};

const extreme = (first) => (given) => {
  if (!given.length) return "";
  const numbers = given.map(numberOf);
  if (!numbers.includes(null)) return decimalText(numbers.reduce((one, other) => (first(one, other) ? one : other)));
  const days = given.every((one) => typeof one === "string" && !dateProblem(one));
  return days ? given.reduce((one, other) => (first(one, other) ? one : other)) : "";
};

const AGGREGATES = {
  sum: (given) => (given.length ? ofNumbers(add)(given) : ""),
  count: (given) => String(given.length),
  min: extreme((one, other) => one <= other),
  max: extreme((one, other) => one >= other),
};

function product(numbers) {
  let found = ONE;
  for (const number of numbers) {
    if (absolute(found) > LARGEST) return null;
    found = divided(found * number, ONE);
  }
  return found;
}

const areDays = (given) => given.every((one) => !dateProblem(one));

function years(given) {
  if (!areDays(given)) return "";
  const turned = given[1] < given[0];
  const [early, late] = turned ? [given[1], given[0]] : given;
  const full = late.slice(0, 4) - early.slice(0, 4) - (late.slice(5) < early.slice(5) ? 1 : 0);
  return String(turned && full ? -full : full);
}

function ageOn(given) {
  const born = whole(/[0-9]{6}([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{3}[0-9X]/, given[0]);
  return years(born ? [born.slice(1).join("-"), given[1]] : given);
}

const STRICT = {
  add: ofNumbers(add),
  subtract: ofNumbers(([first, second]) => first - second),
  multiply: ofNumbers(product),
  divide: ofNumbers(([first, second]) => (second ? divided(first * ONE, second) : null)),
  round: ([text, places]) => (/^[0-6]$/.test(places) && numberOf(text) !== null ? rounded(text, Number(places)) : ""),
  days: (given) => (areDays(given) ? String(dayNumber(given[1]) - dayNumber(given[0])) : ""),
  years,
  age_on: ageOn,
  concat: (given) => (lengthOf(given.join("")) <= 4000 ? given.join("") : ""),
};

// --- conditions (rules/conditions.py) ----------------------------------------------------------------------------

const ORDERS = {
  lt: (one, other) => one < other,
  le: (one, other) => one <= other,
  gt: (one, other) => one > other,
  ge: (one, other) => one >= other,
};

function holds(condition, scope) {
  if (condition.all) return condition.all.every((part) => holds(part, scope));
  if (condition.any) return condition.any.some((part) => holds(part, scope));
  if (condition.not) return !holds(condition.not, scope);
  const value = scope.value(condition.field);
  const op = condition.op ?? "in";
  if (op === "filled" || op === "empty") return isEmpty(value) === (op === "empty");
  const wanted = wantedBy(condition, scope);
  if (ORDERS[op]) return wanted.length > 0 && typeof value === "string" && ordered(ORDERS[op], value, wanted[0]);
  if (op === "contains") {
    return typeof value === "string" || Array.isArray(value) ? wanted.some((one) => one !== "" && value.includes(one)) : false;
  }
  const found = wanted.some((one) => same(scope.field(condition.field), value, one));
  return op === "not" ? !found : found;
}

function wantedBy(condition, scope) {
  const given = "op" in condition ? (condition.value ?? []) : condition.values;
  if (isObject(given)) return [evaluate(given, scope)];
  return (Array.isArray(given) ? given : [given]).map(String);
}

function same(field, value, wanted) {
  if (Array.isArray(value)) return value.includes(wanted);
  if (field && ["number", "amount", "computed"].includes(field.kind)) {
    const [number, other] = [numberOf(value), numberOf(wanted)];
    if (number !== null && other !== null) return number === other;
  }
  return value === wanted;
}

function ordered(compare, value, wanted) {
  const [number, other] = [numberOf(value), numberOf(wanted)];
  if (number !== null && other !== null) return compare(number, other);
  return areDays([value, wanted]) && compare(value, wanted);
}

// --- the whole form (rules/answers.py) ---------------------------------------------------------------------------

// Answers to a list of questions, each read once and only when somebody looks at it.
class Scope {
  constructor(byKey, raw) {
    this.byKey = byKey;
    this.raw = raw;
    this.readings = new Map();
    this.asking = new Map();
  }

  field(name) {
    return this.byKey.get(name);
  }

  value(name) {
    const field = this.byKey.get(name);
    if (!field) return "";
    return this.asked(name) ? this.read(name)[0] : emptyValue(field.kind);
  }

  read(name) {
    if (!this.readings.has(name)) {
      const field = this.byKey.get(name);
      // a formula that comes back to itself, in a declaration still being made, finds an empty value
      this.readings.set(name, [emptyValue(field.kind), ""]);
      this.readings.set(name, field.kind === "computed" ? this.compute(field) : this.take(field));
    }
    return this.readings.get(name);
  }

  asked(name) {
    if (!this.asking.has(name)) {
      this.asking.set(name, false);
      this.asking.set(name, this.isAsked(this.byKey.get(name)));
    }
    return this.asking.get(name);
  }

  isAsked(field) {
    return !field.when || holds(field.when, this);
  }

  take(field) {
    return readValue(field, own(this.raw, field.key));
  }

  compute(field) {
    return [field.formula ? rounded(evaluate(field.formula, this), field.places) : "", ""];
  }
}

// One row of a group: its own answers first, then those of the form.
class Row extends Scope {
  constructor(form, group, number, raw) {
    super(group.byKey, isObject(raw) ? raw : {});
    this.form = form;
    this.group = group;
    this.given = raw;
    this.path = `${group.key}.${number}`;
    this.known = raw === null || isObject(raw);
  }

  get blank() {
    this.isBlank ??= this.known && this.group.fields.every((field) => this.isUntouched(field));
    return this.isBlank;
  }

  isUntouched(field) {
    if (field.kind === "note" || field.kind === "computed") return true;
    const [value, problem] = this.read(field.key);
    return isEmpty(value) && (problem === "" || problem === missing(field));
  }

  field(name) {
    return super.field(name) ?? this.form.field(name);
  }

  value(name) {
    return this.byKey.has(name) ? super.value(name) : this.form.value(name);
  }

  column(group, key) {
    return this.form.column(group, key);
  }

  clean(errors) {
    if (!this.known) errors[this.path] = sentence("shape", this.group);
    const cleaned = {};
    for (const field of this.group.fields) {
      if (field.kind === "note" || !this.asked(field.key)) continue;
      const [value, problem] = this.read(field.key);
      cleaned[field.key] = value;
      if (problem) errors[`${this.path}.${field.key}`] = problem;
    }
    return cleaned;
  }
}

class Form extends Scope {
  constructor(data, answers) {
    const definition = readDefinition(data);
    super(definition.byKey, answers);
    this.definition = definition;
    this.given = new Map();
  }

  isAsked(field) {
    const section = this.definition.sectionOf.get(field.key);
    return (!section.when || holds(section.when, this)) && super.isAsked(field);
  }

  take(field) {
    if (!LIST_KINDS.includes(field.kind)) return super.take(field);
    return [this.filled(field).map((row) => row.given), ""];
  }

  rows(field) {
    if (!this.given.has(field.key)) {
      const raw = own(this.raw, field.key);
      const rows = Array.isArray(raw) ? raw.slice(0, MOST_ROWS) : [];
      this.given.set(field.key, rows.map((row, number) => new Row(this, field, number, row)));
    }
    return this.given.get(field.key);
  }

  filled(field) {
    return this.rows(field).filter((row) => !row.blank);
  }

  allRows() {
    const groups = this.definition.fields.filter((field) => LIST_KINDS.includes(field.kind) && this.asked(field.key));
    return groups.flatMap((field) => this.rows(field));
  }

  column(group, key) {
    const field = this.byKey.get(group);
    if (!field || !LIST_KINDS.includes(field.kind) || !this.asked(group)) return [];
    return this.filled(field).map((row) => row.value(key));
  }

  cleanRows(field, errors) {
    const raw = own(this.raw, field.key) ?? "";
    if (raw !== "" && !Array.isArray(raw)) {
      errors[field.key] = sentence("shape", field);
      return [];
    }
    const filled = this.filled(field);
    const count = raw.length > MOST_ROWS ? raw.length : filled.length;
    if (!count) {
      if (field.required) errors[field.key] = missing(field);
    } else if (count < field.min_rows) {
      errors[field.key] = sentence("rows_few", { label: field.label, min: field.min_rows, count });
    } else if (count > field.max_rows) {
      errors[field.key] = sentence("rows_many", { label: field.label, max: field.max_rows, count });
    }
    return filled.map((row) => row.clean(errors));
  }

  failedChecks() {
    return this.definition.checks.flatMap((check) => {
      const [group, key] = check.field.split(".");
      if (!this.byKey.has(group) || !this.asked(group)) return [];
      if (!key) return holds(check.when, this) ? [[group, check.message]] : [];
      const rows = this.filled(this.byKey.get(group));
      return rows
        .filter((row) => row.asked(key) && holds(check.when, row))
        .map((row) => [`${row.path}.${key}`, check.message]);
    });
  }
}

// Normalised answers to what is asked and, by path, one sentence per answer that cannot be accepted.
export function clean(definition, answers) {
  const form = new Form(definition, answers);
  const cleaned = {};
  const errors = {};
  for (const field of form.definition.fields) {
    if (field.kind === "note" || !form.asked(field.key)) continue;
    if (LIST_KINDS.includes(field.kind)) {
      cleaned[field.key] = form.cleanRows(field, errors);
      continue;
    }
    const [value, problem] = form.read(field.key);
    cleaned[field.key] = value;
    if (problem) errors[field.key] = problem;
  }
  for (const [path, message] of form.failedChecks()) {
    if (own(errors, path) === undefined) errors[path] = message;
  }
  return { cleaned, errors };
}

// Paths of what is put, given the answers: "key", and "group.2.key" for every row that was sent.
export function asked(definition, answers) {
  const form = new Form(definition, answers);
  const paths = new Set(form.definition.fields.map((field) => field.key).filter((key) => form.asked(key)));
  for (const row of form.allRows()) {
    for (const key of row.byKey.keys()) if (row.asked(key)) paths.add(`${row.path}.${key}`);
  }
  return paths;
}

// What is computed, by path, for every computed field that is put.
export function computed(definition, answers) {
  const form = new Form(definition, answers);
  const found = {};
  const look = (prefix, scope) => {
    for (const field of scope.byKey.values()) {
      if (field.kind === "computed" && scope.asked(field.key)) found[prefix + field.key] = scope.value(field.key);
    }
  };
  look("", form);
  for (const row of form.allRows()) look(`${row.path}.`, row);
  return found;
}
