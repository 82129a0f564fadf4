/** The style of the page, for light and dark, on screens and on paper. */
export const pageStyle = `
:root{color-scheme:light dark;--ground:#fff;--raised:#f5f6f8;--line:#d5d9e0;--text:#1b1f26;--quiet:#5a6270;--fails:#b3261e;--fails-ground:#fbe4e2;--unknown:#7a5200;--unknown-ground:#fdf0d3;--warns:#4a4fb5;--warns-ground:#e8e9fb;--fits:#1d6b35}
@media (prefers-color-scheme:dark){:root{--ground:#14171c;--raised:#1d2128;--line:#363c47;--text:#e6e9ee;--quiet:#9aa3b2;--fails:#ff9a92;--fails-ground:#4a1d1b;--unknown:#f0c26a;--unknown-ground:#43330f;--warns:#aeb2ff;--warns-ground:#2a2d55;--fits:#7fd59a}}
*{box-sizing:border-box}
body{margin:0;padding:1.5rem;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
p{margin:.25rem 0;max-width:75ch}.quiet{color:var(--quiet)}
code{font:.92em ui-monospace,monospace;overflow-wrap:anywhere}
ul.counts{display:flex;flex-wrap:wrap;gap:.5rem;padding:0;margin:1rem 0;list-style:none}
ul.counts li{padding:.35rem .75rem;border:1px solid var(--line);border-radius:.5rem;background:var(--raised)}
ul.counts b{font-size:1.15rem;margin-right:.35rem}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;background:var(--raised)}
summary{padding:.5rem .75rem;cursor:pointer}
details>:not(summary){margin:0 .75rem .6rem}
.fails{color:var(--fails)}.unknown{color:var(--unknown)}.warns{color:var(--warns)}.fits{color:var(--fits)}
form{display:flex;flex-wrap:wrap;gap:.75rem;margin:.75rem 0;align-items:end}form[hidden]{display:none}
label{display:grid;gap:.2rem;font-size:.9rem;color:var(--quiet)}
input,select{font:inherit;padding:.3rem .5rem;color:var(--text);background:var(--ground);border:1px solid var(--line);border-radius:.35rem}
:focus-visible{outline:2px solid var(--warns);outline-offset:2px}
.scroll{overflow:auto;max-height:80vh;border:1px solid var(--line);border-radius:.5rem}
table{border-collapse:separate;border-spacing:0;font-size:.88rem}
th,td{padding:.25rem .5rem;border-bottom:1px solid var(--line);text-align:center;background:var(--ground);white-space:nowrap}
thead th{position:sticky;top:0;z-index:1;background:var(--raised);vertical-align:bottom;font-weight:600}
thead th span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:13rem}
tbody th,thead th:first-child{position:sticky;left:0;text-align:left;background:var(--raised)}
thead th:first-child{z-index:2}
td.b{color:var(--fails);background:var(--fails-ground);font-weight:700}td.u{color:var(--unknown);background:var(--unknown-ground)}
td.w{color:var(--warns);background:var(--warns-ground)}td.p{color:var(--quiet)}td.n{text-align:left}
tr[hidden]{display:none}
@media print{.scroll{max-height:none;overflow:visible}form{display:none}body{padding:0}}
`
