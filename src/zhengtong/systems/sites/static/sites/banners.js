// The emergency banners of this moment, also on a page that comes from a cache: asked anew whenever the page is shown.
const place = document.querySelector("[data-banners]");

async function renew() {
  const answer = await fetch(place.dataset.banners, { cache: "no-store", credentials: "omit" }).catch(() => null);
  if (!answer?.ok) return;
  const words = await answer.text();
  if (words.trim() !== place.innerHTML.trim()) place.innerHTML = words;
}

if (place) {
  renew();
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) renew();
  });
  addEventListener("pageshow", (shown) => {
    if (shown.persisted) renew();
  });
}
