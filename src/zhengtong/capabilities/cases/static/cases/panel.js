// The panel of settings beside the drawing: reads and writes plain BPMN and our own attributes of the chosen element.
const GATEWAYS = ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway"];
const OPERATORS = ["==", "!=", ">", ">=", "<", "<=", "in"];
const LIMIT = /^(\d+) (WD|D|H|MIN|MONTH|YEAR)$/;

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

export class Panel {
  constructor(form, modeler, design) {
    Object.assign(this, { form, design, words: design.words });
    for (const name of ["modeling", "moddle", "canvas", "selection", "elementRegistry", "elementFactory", "autoPlace"]) {
      this[name] = modeler.get(name);
    }
    this.serial = 0;
    form.addEventListener("submit", (event) => event.preventDefault());
    modeler.on("selection.changed", () => this.show());
    // a change may come while the reader is on the way to the next field: it must not be taken from under his hand
    modeler.on("commandStack.changed", () => {
      clearTimeout(this.later);
      this.later = setTimeout(() => form.contains(document.activeElement) || this.show());
    });
    this.show();
  }

  get element() {
    const chosen = this.selection.get();
    return chosen.length === 1 ? chosen[0] : this.canvas.getRootElement();
  }

  // the process stands for its pool and for the empty paper; a label stands for what it names
  subject(element) {
    const bo = element.businessObject;
    if (bo.$type === "bpmn:Participant") return bo.processRef ?? bo;
    if (bo.$type !== "bpmn:Collaboration") return bo;
    return bo.participants?.find((one) => one.processRef)?.processRef ?? bo;
  }

  show() {
    const place = [...this.form.elements].indexOf(document.activeElement);
    this.draw();
    if (place >= 0) this.form.elements[place]?.focus();
  }

  draw() {
    const element = this.element;
    const subject = this.subject(element);
    const fields = this.design.fields[subject.$type] ?? this.design.fields["*"];
    const kind = this.design.kinds[subject.$type] ?? "";
    this.form.replaceChildren(
      this.outline(element),
      make("h2", { className: "flow-panel-title", textContent: kind }),
      ...fields.flatMap((field) => this.field(field, element, subject)),
      ...this.following(element),
    );
  }

  label(bo) {
    const kind = this.design.kinds[bo.$type] ?? bo.$type;
    return `${kind} ${bo.name || (bo.$type === "bpmn:SequenceFlow" ? this.way(bo) : bo.id)}`;
  }

  way(flow) {
    return [flow.sourceRef, flow.targetRef].map((end) => end?.name || end?.id || "").join(" → ");
  }

  outline(element) {
    const listed = (one) => ["bpmn:FlowElement", "bpmn:Lane"].some((type) => one.businessObject.$instanceOf(type));
    const entries = this.elementRegistry
      .filter((one) => !one.labelTarget && (listed(one) || !one.parent || one === element))
      .map((one) => [one.id, this.label(one.businessObject)]);
    return this.row(this.words.element, this.select(entries, element.id, (id) => this.go(id)));
  }

  go(id) {
    const target = this.elementRegistry.get(id);
    if (!target) return;
    this.canvas.scrollToElement(target);
    this.selection.select(target.parent ? target : null);
  }

  // -- controls --------------------------------------------------------------------------------------------------

  row(label, control, help = "") {
    const id = `setting-${(this.serial += 1)}`;
    const inner = control.matches("input, select, textarea") ? control : control.querySelector("input, select, textarea");
    inner.id = id;
    const parts = [make("label", { className: "zt-label", htmlFor: id, textContent: label }), control];
    if (help) {
      inner.setAttribute("aria-describedby", `${id}-help`);
      parts.push(make("p", { className: "zt-help", id: `${id}-help`, textContent: help }));
    }
    return make("div", { className: "zt-field" }, ...parts);
  }

  input(value, apply, type = "text") {
    const control = make("input", { className: "form-control", type, value: value ?? "" });
    control.addEventListener("change", () => apply(control.value.trim()));
    return control;
  }

  select(options, value, apply) {
    const control = make("select", { className: "form-select" });
    const known = options.some(([key]) => key === value);
    for (const [key, label] of known || !value ? options : [...options, [value, value]]) {
      control.append(make("option", { value: key, textContent: label, selected: key === value }));
    }
    control.addEventListener("change", () => apply(control.value));
    return control;
  }

  check(label, value, apply) {
    const control = make("input", { className: "form-check-input", type: "checkbox", checked: value });
    const id = (control.id = `setting-${(this.serial += 1)}`);
    control.addEventListener("change", () => apply(control.checked));
    const words = make("label", { className: "form-check-label", htmlFor: id, textContent: label });
    return make("div", { className: "form-check zt-choice" }, control, words);
  }

  suggest(value, options, apply) {
    const control = this.input(value, apply);
    const list = make("datalist", { id: `choices-${(this.serial += 1)}` });
    list.append(...options.map(([key, label]) => make("option", { value: key, label })));
    control.setAttribute("list", list.id);
    return make("div", {}, control, list);
  }

  lines(value, apply) {
    const text = (value ?? "").split(";").map((part) => part.trim()).filter(Boolean).join("\n");
    const control = make("textarea", { className: "form-control", rows: 3, value: text });
    control.addEventListener("change", () => {
      const parts = control.value.split("\n").map((part) => part.trim().replace("：", ":")).filter(Boolean);
      apply(parts.join(";"));
    });
    return control;
  }

  span(value, apply) {
    const found = LIMIT.exec(value ?? "");
    if (value && !found) return this.input(value, apply);
    const number = make("input", { className: "form-control", type: "number", min: 1, value: found?.[1] ?? "" });
    const unit = this.select(this.design.units, found?.[2] ?? "WD", () => changed());
    unit.setAttribute("aria-label", this.words.unit);
    const changed = () => apply(number.value ? `${number.value} ${unit.value}` : "");
    number.addEventListener("change", changed);
    return make("div", { className: "flow-span" }, number, unit);
  }

  // -- fields ----------------------------------------------------------------------------------------------------

  field(field, element, subject) {
    const write = (name, value) => this.write(element, subject, { [name]: value || undefined });
    const attribute = `zt:${field.name}`;
    const builders = {
      name: () => this.input(subject.name, (value) => write("name", value)),
      choice: () => this.select(field.options, subject.get(attribute) ?? "", (value) => write(attribute, value)),
      suggest: () => this.suggest(subject.get(attribute), field.options, (value) => write(attribute, value)),
      text: () => this.input(subject.get(attribute), (value) => write(attribute, value)),
      called: () => this.select(field.options, subject.get(field.name) ?? "", (value) => write(field.name, value)),
      pairs: () => this.lines(subject.get(attribute), (value) => write(attribute, value)),
      limit: () => this.span(subject.get(attribute), (value) => write(attribute, value)),
      multi: () => this.repeat(element, subject),
      collection: () => this.collection(element, subject),
      until: () => this.until(element, subject),
      duration: () => this.duration(element, subject),
      message: () => this.reference(element, subject, field, "bpmn:MessageEventDefinition", "messageRef", "bpmn:Message"),
      error: () => this.reference(element, subject, field, "bpmn:ErrorEventDefinition", "errorRef", "bpmn:Error"),
      condition: () => this.condition(element, subject),
    };
    if (field.kind === "interrupting") {
      const apply = (value) => this.modeling.updateProperties(element, { cancelActivity: value });
      return [this.check(field.label, subject.cancelActivity !== false, apply)];
    }
    if (field.kind === "default") return this.standard(field, subject);
    const control = builders[field.kind]?.();
    return control ? [this.row(field.label, control, field.help)] : [];
  }

  write(element, subject, values) {
    if (subject === element.businessObject) this.modeling.updateProperties(element, values);
    else this.modeling.updateModdleProperties(element, subject, values);
  }

  body(value) {
    return value ? this.moddle.create("bpmn:FormalExpression", { body: value }) : undefined;
  }

  repeat(element, subject) {
    const loop = subject.loopCharacteristics;
    const now = loop ? (loop.isSequential ? "sequential" : "parallel") : "none";
    const options = ["none", "parallel", "sequential"].map((key) => [key, this.words[`multi_${key}`]]);
    return this.select(options, now, (value) => {
      const kept = { "zt:collection": loop?.get("zt:collection"), completionCondition: loop?.completionCondition };
      const created = () =>
        this.moddle.create("bpmn:MultiInstanceLoopCharacteristics", { isSequential: value === "sequential", ...kept });
      this.modeling.updateProperties(element, { loopCharacteristics: value === "none" ? undefined : created() });
      this.show();
    });
  }

  collection(element, subject) {
    const loop = subject.loopCharacteristics;
    if (!loop) return null;
    const lists = this.variables().filter(([, type]) => type === "list").map(([name]) => [name, name]);
    const apply = (value) => this.modeling.updateModdleProperties(element, loop, { "zt:collection": value || undefined });
    return this.select([["", this.words.choose], ...lists], loop.get("zt:collection") ?? "", apply);
  }

  until(element, subject) {
    const loop = subject.loopCharacteristics;
    if (!loop) return null;
    const apply = (value) =>
      this.modeling.updateModdleProperties(element, loop, { completionCondition: this.body(value) });
    return this.input(loop.completionCondition?.body, apply);
  }

  definition(subject, type) {
    return (subject.eventDefinitions ?? []).find((one) => one.$type === type);
  }

  duration(element, subject) {
    const timer = this.definition(subject, "bpmn:TimerEventDefinition");
    if (!timer) return null;
    const apply = (value) => this.modeling.updateModdleProperties(element, timer, { timeDuration: this.body(value) });
    return this.span(timer.timeDuration?.body, apply);
  }

  // a message or an error is an entry of the file: the one with this name is used, or a new one is made
  reference(element, subject, field, definition, property, type) {
    const event = this.definition(subject, definition);
    if (!event) return null;
    const named = (one) => one[type === "bpmn:Error" ? "errorCode" : "name"];
    return this.suggest(event[property] && named(event[property]), field.options, (value) => {
      let file = subject;
      while (file.$parent) file = file.$parent;
      let entry = file.rootElements.find((one) => one.$type === type && named(one) === value);
      if (value && !entry) {
        entry = this.moddle.create(type, {
          id: `${type.slice(5)}_${Date.now().toString(36)}`,
          name: value,
          ...(type === "bpmn:Error" && { errorCode: value }),
        });
        entry.$parent = file;
        this.modeling.updateModdleProperties(element, file, { rootElements: [...file.rootElements, entry] });
      }
      this.modeling.updateModdleProperties(element, event, { [property]: value ? entry : undefined });
    });
  }

  // -- conditions ------------------------------------------------------------------------------------------------

  // asked of the drawing: a file need not list the arrows of a gateway
  forks(flow) {
    const source = this.elementRegistry.get(flow.sourceRef?.id);
    return GATEWAYS.includes(source?.type) && source.outgoing.length > 1;
  }

  standard(field, flow) {
    if (!this.forks(flow)) return [];
    const source = this.elementRegistry.get(flow.sourceRef.id);
    const apply = (value) => {
      this.modeling.updateProperties(source, { default: value ? flow : undefined });
      if (value) this.modeling.updateProperties(this.elementRegistry.get(flow.id), { conditionExpression: undefined });
      this.show();
    };
    return [this.check(field.label, flow.sourceRef.default === flow, apply)];
  }

  condition(element, flow) {
    if ((!this.forks(flow) && !flow.conditionExpression) || flow.sourceRef.default === flow) return null;
    const apply = (value) => this.modeling.updateProperties(element, { conditionExpression: this.body(value) });
    const text = this.input(flow.conditionExpression?.body, apply);
    return make("div", {}, text, this.picker(text, apply));
  }

  picker(text, apply) {
    const variables = [["outcome", "text"], ...this.variables().filter(([name]) => name !== "outcome")];
    const types = Object.fromEntries(variables);
    const name = this.select(variables.map(([key]) => [key, key]), "outcome", () => refill());
    const operator = this.select(OPERATORS.map((sign) => [sign, sign]), "==", () => undefined);
    const box = make("span", { className: "flow-value" });
    const refill = () => {
      const outcomes = name.value === "outcome" ? this.outcomes() : [];
      const answers = types[name.value] === "flag" ? [["True", this.words.yes], ["False", this.words.no]] : outcomes;
      const control = answers.length ? this.select(answers, "", () => undefined) : this.input("", () => undefined);
      control.setAttribute("aria-label", this.words.value);
      box.replaceChildren(control);
    };
    refill();
    name.setAttribute("aria-label", this.words.variable);
    operator.setAttribute("aria-label", this.words.operator);
    const fill = make("button", { type: "button", className: "btn btn-outline-secondary", textContent: this.words.fill });
    fill.addEventListener("click", () => {
      const type = types[name.value];
      const value = box.firstElementChild.value.trim();
      const literal = type === "number" ? value || "0" : type === "flag" ? value : JSON.stringify(value);
      const list = type === "list";
      text.value = list ? `${literal} in ${name.value}` : `${name.value} ${operator.value} ${operator.value === "in" ? `[${literal}]` : literal}`;
      apply(text.value);
    });
    return make("div", { className: "flow-picker" }, name, operator, box, fill);
  }

  variables() {
    const process = this.elementRegistry
      .getAll()
      .map((one) => this.subject(one))
      .find((bo) => bo.$type === "bpmn:Process");
    const pairs = (process?.get("zt:variables") ?? "").split(";").filter((part) => part.includes(":"));
    return pairs.map((part) => part.split(":").map((piece) => piece.trim()));
  }

  outcomes() {
    const tasks = this.elementRegistry.filter((one) => one.type === "bpmn:UserTask" && !one.labelTarget);
    const pairs = tasks.flatMap((one) => (one.businessObject.get("zt:outcomes") ?? "").split(";"));
    const entries = pairs.filter(Boolean).map((part) => part.split(":").map((piece) => piece.trim()));
    return [...new Map(entries.map(([code, label]) => [code, `${label || code}（${code}）`]))];
  }

  // -- drawing by keyboard ---------------------------------------------------------------------------------------

  following(element) {
    const bo = element.businessObject;
    if (!element.parent) return [];
    const remove = make("button", { type: "button", className: "btn btn-outline-secondary", textContent: this.words.remove });
    remove.addEventListener("click", () => {
      this.modeling.removeElements([element]);
      this.draw();
    });
    if (!bo.$instanceOf("bpmn:FlowNode") || bo.$type === "bpmn:EndEvent") return [remove];
    const kinds = [["", this.words.choose], ...this.design.follow.map((one) => [one.type, one.label])];
    const add = this.select(kinds, "", (type) => {
      if (type) this.selection.select(this.autoPlace.append(element, this.elementFactory.createShape({ type })));
    });
    const others = this.elementRegistry
      .filter((one) => one !== element && one.parent === element.parent && !one.labelTarget)
      .filter((one) => one.businessObject.$instanceOf("bpmn:FlowNode"))
      .map((one) => [one.id, this.label(one.businessObject)]);
    const connect = this.select([["", this.words.choose], ...others], "", (id) => {
      const flow = id && this.modeling.connect(element, this.elementRegistry.get(id));
      if (flow) this.selection.select(flow);
    });
    return [this.row(this.words.add, add), this.row(this.words.connect, connect), remove];
  }
}
