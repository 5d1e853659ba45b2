// What an official has typed for a task but not sent lives in this window only, and only for him: who signs in here next
// neither sees it nor finds it. Signing out clears it (Clear-Site-Data), the end of a session does not.
const PREFIX = "draft-";
const mine = `${PREFIX}${document.body.dataset.person ?? ""}-`;

for (const key of Object.keys(sessionStorage)) {
  if (key.startsWith(PREFIX) && !key.startsWith(mine)) sessionStorage.removeItem(key);
}

export function draftKey(task) {
  return `${mine}${task}`;
}
