// Asks the browser for a passkey when the button of a form with data-passkey ("create" or "get") is pressed.
const bytesOf = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

function textOf(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(signs).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function optionsOf(given, kind) {
  const parse = kind === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON";
  if (PublicKeyCredential[parse]) return PublicKeyCredential[parse](given);
  const read = (list) => (list ?? []).map((one) => ({ ...one, id: bytesOf(one.id) }));
  const options = { ...given, challenge: bytesOf(given.challenge) };
  if (kind === "create") {
    options.user = { ...given.user, id: bytesOf(given.user.id) };
    options.excludeCredentials = read(given.excludeCredentials);
  } else {
    options.allowCredentials = read(given.allowCredentials);
  }
  return options;
}

function answerOf(credential) {
  if (credential.toJSON) return credential.toJSON();
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = textOf(credential.response[name]);
  }
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function ask(form, button, status) {
  const kind = form.dataset.passkey;
  const given = JSON.parse(document.getElementById(form.dataset.options).textContent);
  button.disabled = true;
  try {
    const publicKey = optionsOf(given.publicKey, kind);
    const credential = await navigator.credentials[kind]({ publicKey });
    form.querySelector("[data-passkey-answer]").value = JSON.stringify(answerOf(credential));
    form.submit();
  } catch {
    status.hidden = false;
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("[data-passkey-button]");
  const status = form.querySelector("[data-passkey-failed]");
  if (!window.PublicKeyCredential || !button) continue;
  form.hidden = false;
  button.addEventListener("click", () => ask(form, button, status));
}
