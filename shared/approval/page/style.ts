import { createHash } from "node:crypto";

/** The look of the page: readable on a telephone, light and dark, with a focus that is seen. */
export const style = `
:root{color-scheme:light dark;--line:#767676;--box:#f3f3f3;--warn:#8a1c00;--go:#0b5a32;--paper:#fff;--ink:#1b1b1b}
@media (prefers-color-scheme:dark){:root{--line:#9a9a9a;--box:#2a2a2a;--warn:#ffb4a0;--go:#9be3bd;--paper:#161616;--ink:#f1f1f1}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}
main{max-width:42rem;margin:0 auto;padding:1.25rem}
h1{font-size:1.1rem;font-weight:600;margin:0 0 .25rem}
h2{font-size:1.5rem;line-height:1.25;margin:1.25rem 0 .75rem}
dl{margin:0 0 1rem}
dt{font-weight:600;margin-top:.75rem}
dd{margin:.25rem 0 0;padding:.5rem .75rem;background:var(--box);border-left:4px solid var(--line);white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate}
dd.strange{border-left-color:var(--warn)}
dd .mark{display:block;color:var(--warn);font-weight:600}
.note{font-size:.9375rem}
.warn{color:var(--warn);font-weight:600}
form{margin-top:1.5rem;border-top:1px solid var(--line);padding-top:1.25rem}
label{display:block;font-weight:600;margin-bottom:1rem;overflow-wrap:anywhere}
input{display:block;width:100%;margin-top:.35rem;padding:.6rem;font:inherit;color:inherit;background:var(--paper);border:2px solid var(--line);border-radius:4px}
.answers{display:flex;flex-wrap:wrap;gap:.75rem}
button{flex:1 1 9rem;min-height:3rem;padding:.6rem 1.25rem;font:inherit;font-weight:600;color:var(--ink);background:var(--paper);border:2px solid var(--line);border-radius:6px;cursor:pointer}
button.yes{border-color:var(--go);color:var(--go)}
:focus-visible{outline:3px solid Highlight;outline-offset:3px}
`;

const hash = createHash("sha256").update(style).digest("base64");

/**
 * No script, nothing from elsewhere, in nobody's frame. `same-origin` and not `no-referrer`: with the latter browsers send the
 * form's origin as `null`, and the page would lock itself out.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  "cache-control": "no-store",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "x-robots-tag": "noindex",
};
