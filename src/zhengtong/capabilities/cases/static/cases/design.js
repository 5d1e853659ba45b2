// What may be drawn: our palette, what follows an element, and which types the menus offer. All lists come from the
// server; the library's own providers stay and lose the entries that the compiler would refuse.
export function additions(design, chinese) {
  const dictionary = { ...chinese, ...design.translations };
  const translate = (template, replacements = {}) =>
    (dictionary[template] ?? template).replace(/{([^}]+)}/g, (_, key) => replacements[key] ?? `{${key}}`);

  class Design {
    static $inject = ["palette", "contextPad", "popupMenu", "create", "elementFactory", "autoPlace"];

    constructor(palette, contextPad, popupMenu, create, elementFactory, autoPlace) {
      Object.assign(this, { create, elementFactory, autoPlace });
      palette.registerProvider(400, this);
      contextPad.registerProvider(400, this);
      popupMenu.registerProvider("bpmn-replace", 400, this);
    }

    getPaletteEntries() {
      return (entries) => {
        const tools = ["hand-tool", "lasso-tool", "space-tool", "global-connect-tool", "tool-separator"];
        const kept = tools.filter((key) => key in entries).map((key) => [key, entries[key]]);
        return Object.fromEntries([...kept, ...design.palette.map((item) => [`create.${item.key}`, this.entry(item)])]);
      };
    }

    entry(item) {
      const start = (event) => this.create.start(event, this.shapes(item));
      return { group: item.group, className: item.icon, title: item.title, action: { dragstart: start, click: start } };
    }

    shapes(item) {
      if (item.type === "bpmn:Participant") return this.elementFactory.createParticipantShape();
      const shape = this.elementFactory.createShape({
        type: item.type,
        ...(item.event && { eventDefinitionType: item.event }),
        ...(item.expanded && { x: 0, y: 0, isExpanded: true }),
      });
      if (!item.expanded) return shape;
      return [shape, this.elementFactory.createShape({ type: "bpmn:StartEvent", x: 40, y: 82, parent: shape })];
    }

    getContextPadEntries(element) {
      return (entries) => {
        const kept = Object.fromEntries(Object.entries(entries).filter(([key]) => design.pad.includes(key)));
        if (!("append.end-event" in kept)) return kept;
        const timer = { type: "bpmn:IntermediateCatchEvent", eventDefinitionType: "bpmn:TimerEventDefinition" };
        return {
          "append.task": this.follower(element, { type: "bpmn:UserTask" }, "bpmn-icon-user-task", design.words.task),
          "append.timer": this.follower(element, timer, "bpmn-icon-intermediate-event-catch-timer", design.words.timer),
          ...kept,
        };
      };
    }

    follower(element, kind, icon, title) {
      const shape = () => this.elementFactory.createShape(kind);
      return {
        group: "model",
        className: icon,
        title,
        action: {
          click: () => this.autoPlace.append(element, shape()),
          dragstart: (event) => this.create.start(event, shape(), { source: element }),
        },
      };
    }

    getPopupMenuEntries() {
      return (entries) =>
        Object.fromEntries(Object.entries(entries).filter(([key]) => design.replacements.includes(key)));
    }

    getPopupMenuHeaderEntries() {
      return (entries) => Object.fromEntries(Object.entries(entries).filter(([key]) => design.toggles.includes(key)));
    }
  }

  return [
    { translate: ["value", translate] },
    { __init__: ["zhengtongDesign"], zhengtongDesign: ["type", Design] },
    // lining up by a menu: its pictures carry style attributes, which the content policy of the page refuses
    {
      alignElementsContextPadProvider: ["value", {}],
      alignElementsMenuProvider: ["value", {}],
      distributeElementsMenuProvider: ["value", {}],
    },
  ];
}
