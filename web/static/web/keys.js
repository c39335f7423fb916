/* Security keys: the one thing on this site that needs a script. A code from an app works without it. */
"use strict";

(() => {
  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const descriptors = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  /* Options arrive as JSON, in which bytes are base64url text. */
  const opened = (options) => {
    const found = { ...options, challenge: bytes(options.challenge) };
    if (found.user) found.user = { ...found.user, id: bytes(found.user.id) };
    if (found.excludeCredentials) found.excludeCredentials = descriptors(found.excludeCredentials);
    if (found.allowCredentials) found.allowCredentials = descriptors(found.allowCredentials);
    return found;
  };

  const written = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  };

  const use = async (form) => {
    const options = { publicKey: opened(JSON.parse(form.dataset.options).publicKey) };
    const credential = await navigator.credentials[form.dataset.key](options);
    form.elements.credential.value = JSON.stringify(written(credential));
    form.submit();
  };

  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form[data-key]")) {
    form.querySelector("button").hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      form.querySelector("[role=alert]").hidden = true;
      use(form).catch(() => { form.querySelector("[role=alert]").hidden = false; });
    });
  }
})();
