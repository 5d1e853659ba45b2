// Asks data-poll-url again and again (every data-poll-every seconds) and changes the page only when the answer did.
function clockOf(date) {
  return date.toTimeString().slice(0, 8);
}

function watch(region) {
  const status = document.querySelector("[data-poll-status]");
  const every = Number(region.dataset.pollEvery || 1) * 1000;
  let etag = "";
  let heard = new Date();

  async function ask() {
    try {
      const response = await fetch(region.dataset.pollUrl, {
        headers: { "X-Background": "1", ...(etag && { "If-None-Match": etag }) },
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.timeout(10000),
      });
      if (response.status === 200) {
        const text = await response.text();
        etag = response.headers.get("ETag") ?? "";
        const parsed = new DOMParser().parseFromString(text, "text/html");
        region.replaceChildren(...parsed.body.childNodes);
      } else if (response.status !== 304) {
        throw new Error(String(response.status));
      }
      heard = new Date();
      if (status && status.textContent) status.textContent = "";
    } catch {
      if (status) status.textContent = `${status.dataset.lost} ${clockOf(heard)}`;
    }
    setTimeout(ask, every);
  }

  setTimeout(ask, every);
}

document.querySelectorAll("[data-poll-url]").forEach(watch);
