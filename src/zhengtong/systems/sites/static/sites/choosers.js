// Starts the choosers of days and times on the content screens: Wagtail starts them by scripts in the page, which the
// content policy of the house refuses.
const STARTERS = { date: "initDateChooser", time: "initTimeChooser", datetime: "initDateTimeChooser" };

function start(within) {
  for (const mark of within.querySelectorAll("[data-chooser]")) {
    const { chooser, target, options } = mark.dataset;
    mark.remove();
    window[STARTERS[chooser]](target, JSON.parse(options));
  }
}

document.addEventListener("DOMContentLoaded", () => {
  start(document);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (node.nodeType === Node.ELEMENT_NODE) start(node);
      }
    }
  }).observe(document.body, { childList: true, subtree: true });
});
