// Reads a file with the importer of Chrome's own trace viewer (chrome://tracing) and prints what it
// makes of it, as JSON: its warnings, its threads' names, and the self time of its slices by title, in
// milliseconds. Usage: node trace_viewer_import.js PACKAGE_DIRECTORY FILE
"use strict";

const fs = require("fs");
const path = require("path");

const [directory, file] = process.argv.slice(2);
require(path.join(directory, "catapult_build", "node_bootstrap.js"));
const tracing = path.join(directory, "tracing");
const parts = ["gl-matrix/dist", "jszip", "d3"].map((part) => path.join(tracing, "third_party", part));
HTMLImportsLoader.addArrayToSourcePath([tracing, ...parts]);
for (const name of ["importer/import", "model/model", "extras/importer/trace_event_importer"]) {
  HTMLImportsLoader.loadHTML("/tracing/" + name + ".html");
}

const model = new tr.Model();
new tr.importer.Import(model).importTraces([fs.readFileSync(file, "utf8")]);
const self = {};
for (const thread of model.getAllThreads()) {
  for (const slice of thread.sliceGroup.slices) {
    self[slice.title] = (self[slice.title] || 0) + slice.selfTime;
  }
}
const threads = model.getAllThreads().map((thread) => thread.name);
console.log(JSON.stringify({ warnings: model.importWarnings, threads, self }));
