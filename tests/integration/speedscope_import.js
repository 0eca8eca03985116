// Reads a file with speedscope's own importer and prints what it makes of it: for each profile its
// name and its frames with own and total weight, as JSON.
//
// The npm package is the web application in one file, without a library: this loads it beside a
// browser that is not there (it fails to draw, which does not matter) and takes the importer out of
// it. Usage: node speedscope_import.js PACKAGE_DIRECTORY FILE
"use strict";

const fs = require("fs");
const path = require("path");

const [packageDirectory, file] = process.argv.slice(2);
const release = path.join(packageDirectory, "dist", "release");
const bundle = fs.readdirSync(release).find((name) => /^speedscope-.*\.js$/.test(name));
const source = fs.readFileSync(path.join(release, bundle), "utf8");

// The importer is a module of the bundle that is imported when it is needed.
const moduleName = source.match(/\((\w+),\{importFromFileSystemDirectoryEntry:/)[1];
const lazyImport = new RegExp(
  "Promise\\.resolve\\(\\)\\.then\\(\\(\\)=>\\(\\w+\\(\\)," + moduleName + "\\)\\)",
);

const nothing = new Proxy(function () {}, {
  get: (target, key) => {
    if (key === Symbol.toPrimitive) return () => "0";
    if (key === Symbol.iterator) return function* () {};
    return key === "then" ? undefined : nothing;
  },
  set: () => true,
  has: () => true,
  apply: () => nothing,
  construct: () => nothing,
});
for (const name of ["window", "document", "location", "localStorage", "requestAnimationFrame"]) {
  if (!(name in globalThis)) globalThis[name] = nothing;
}
const print = console.log;
console.log = () => {};
try {
  (0, eval)(source.replace(lazyImport, (found) => "globalThis.importerModule=" + found));
} catch (error) {
  if (!globalThis.importerModule) throw error;
}

function framesOf(profile) {
  const frames = [];
  profile.forEachFrame((frame) => {
    frames.push({
      name: frame.name,
      file: frame.file,
      line: frame.line,
      self: frame.getSelfWeight(),
      total: frame.getTotalWeight(),
    });
  });
  return { name: profile.getName(), frames };
}

globalThis.importerModule.then(async (importer) => {
  const bytes = new Uint8Array(fs.readFileSync(file)).buffer;
  const group = await importer.importProfilesFromArrayBuffer(path.basename(file), bytes);
  print(JSON.stringify(group.profiles.map(framesOf)));
  process.exit(0);
});
