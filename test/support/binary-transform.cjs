// Gives Jest the bytes of a file, as esbuild's loader `binary` gives them to the bundle.
module.exports = {
  process: (_text, path) => ({
    code: `module.exports = { __esModule: true, default: new Uint8Array(require("node:fs").readFileSync(${JSON.stringify(path)})) };`,
  }),
};
