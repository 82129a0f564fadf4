/** The style of the status page, for light and dark, narrow and wide. */
export const pageStyle = `
:root{color-scheme:light dark;--ground:#fff;--raised:#f5f6f8;--line:#d5d9e0;--text:#1b1f26;--quiet:#5a6270;--bad:#b3261e;--bad-ground:#fbe4e2;--now:#4a4fb5;--now-ground:#e8e9fb;--done:#1d6b35}
@media (prefers-color-scheme:dark){:root{--ground:#14171c;--raised:#1d2128;--line:#363c47;--text:#e6e9ee;--quiet:#9aa3b2;--bad:#ff9a92;--bad-ground:#4a1d1b;--now:#aeb2ff;--now-ground:#2a2d55;--done:#7fd59a}}
*{box-sizing:border-box}
body{margin:0;padding:1.5rem;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,sans-serif}
main{max-width:75rem;margin:0 auto}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:0;overflow-wrap:anywhere}
p{margin:.4rem 0;max-width:75ch;overflow-wrap:anywhere}.quiet{color:var(--quiet)}.when{white-space:nowrap}
code,pre{font:.92em ui-monospace,monospace}code{overflow-wrap:anywhere}
a{color:var(--now)}
section{border:1px solid var(--line);border-radius:.5rem;background:var(--raised);padding:1rem;margin:1rem 0}
ol{display:flex;flex-wrap:wrap;gap:.35rem;list-style:none;padding:0;margin:.75rem 0}
ol li{flex:1 1 7rem;padding:.25rem .5rem;border-top:4px solid var(--line);color:var(--quiet);font-size:.9rem}
ol li.done{border-color:var(--done);color:var(--text)}
ol li.now{border-color:var(--now);background:var(--now-ground);color:var(--text);font-weight:600}
ol li.bad{border-color:var(--bad);background:var(--bad-ground);color:var(--text);font-weight:600}
.blocked{border-left:4px solid var(--bad);background:var(--bad-ground);padding:.25rem .75rem;margin:.5rem 0}
pre{background:var(--ground);border:1px solid var(--line);border-radius:.35rem;padding:.5rem .75rem;overflow:auto;margin:.5rem 0}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem 1rem;margin:.75rem 0 0}
dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
:focus-visible{outline:2px solid var(--now);outline-offset:2px}
@media (max-width:40rem){body{padding:.75rem}dl{grid-template-columns:1fr}dd{margin-bottom:.35rem}ol{flex-direction:column;gap:0}pre{white-space:pre-wrap;overflow-wrap:anywhere}ol li{flex:none;border-top:0;border-left:4px solid var(--line)}}
`
