"use strict";

// Requests made from this page go to the address it was opened at: whatever name the server
// has elsewhere, a browser would take that for another host.
async function show() {
  const response = await fetch("openapi.json");
  if (!response.ok) throw new Error(`openapi.json was answered with status ${response.status}`);
  const spec = await response.json();
  spec.servers = [{ url: new URL(".", location.href).href.replace(/\/$/, "") }];
  SwaggerUIBundle({ spec, dom_id: "#docs", deepLinking: true, validatorUrl: null, defaultModelsExpandDepth: 0 });
}

show().catch((error) => {
  document.getElementById("docs").textContent = `The documentation could not be loaded: ${error.message}`;
});
