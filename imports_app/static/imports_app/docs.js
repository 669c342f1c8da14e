"use strict";

// A script of its own: the page's policy allows none inside of it.
const element = document.getElementById("docs");

SwaggerUIBundle({
  domNode: element,
  url: element.dataset.schema,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
