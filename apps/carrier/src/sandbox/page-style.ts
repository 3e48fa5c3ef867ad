/** The look of the sandbox's page: one column on a phone, the phone's messages beside the numbers on a desk. */
export const pageStyle = `
:root{color-scheme:light dark;--bg:#f5f5f7;--card:#fff;--ink:#17181c;--soft:#5c606b;--line:#e2e3e8;--accent:#3346d3;
--accent-ink:#fff;--tint:#eef0ff;--bubble:#ececf0;--shadow:0 1px 2px #0000000a,0 8px 24px #0000000d}
@media (prefers-color-scheme:dark){:root{--bg:#101114;--card:#1a1b20;--ink:#f0f0f3;--soft:#a3a7b3;--line:#2d2f37;
--accent:#9aa6ff;--accent-ink:#11131f;--tint:#23263a;--bubble:#2a2c34;--shadow:none}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,'Apple SD Gothic Neo','Noto Sans KR',sans-serif;
word-break:keep-all;overflow-wrap:anywhere}
a{color:inherit}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:8px}
.page{max-width:1120px;margin:0 auto;padding:24px 16px 64px}
header{display:grid;grid-template-columns:1fr auto;gap:0 16px;align-items:start}
header .facts{grid-column:1/-1}
h1{font-size:1.5rem;line-height:1.25;letter-spacing:-.02em;margin:0}
h2{font-size:1.125rem;letter-spacing:-.01em;margin:0}
.lead{color:var(--soft);margin:8px 0 0;max-width:52ch;text-wrap:pretty}
.language{flex:none;min-height:44px;display:inline-flex;align-items:center;padding:0 8px;color:var(--soft);font-size:.9375rem}
.facts{display:flex;flex-wrap:wrap;gap:8px 32px;margin:20px 0 0}
.facts dt{color:var(--soft);font-size:.8125rem}
.facts dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}
.carriers{display:flex;gap:4px;margin:24px 0;padding:4px;background:var(--card);border:1px solid var(--line);border-radius:14px}
.carriers a{flex:1;display:grid;place-items:center;min-height:44px;border-radius:10px;text-decoration:none;font-weight:600;color:var(--soft)}
.carriers a[aria-current]{background:var(--accent);color:var(--accent-ink)}
.columns{display:grid;gap:24px;align-items:start}
@media (min-width:900px){.columns{grid-template-columns:minmax(0,1fr) 380px;gap:40px}
.phone{position:sticky;top:24px;height:min(760px,calc(100vh - 48px))}.page{padding-top:48px}}
@media (max-width:899px){.phone{order:-1}}
.hint{color:var(--soft);margin:4px 0 12px;font-size:.9375rem}
details{background:var(--card);border:1px solid var(--line);border-radius:16px;margin-bottom:12px;box-shadow:var(--shadow);overflow:hidden}
summary{cursor:pointer;min-height:52px;padding:0 16px;display:flex;align-items:center;justify-content:space-between;font-weight:600;list-style:none}
summary::-webkit-details-marker{display:none}
summary::after{content:'';width:8px;height:8px;border:solid var(--soft);border-width:0 2px 2px 0;transform:rotate(45deg);margin-right:4px}
details[open] summary::after{transform:rotate(225deg)}
summary small{margin-left:auto;margin-right:12px;color:var(--soft);font-weight:400}
ul{list-style:none;margin:0;padding:0}
li.row a{display:grid;grid-template-columns:1fr auto;gap:0 12px;padding:10px 16px;border-top:1px solid var(--line);text-decoration:none}
li.row a:hover{background:var(--tint)}
li.row a[aria-current]{background:var(--tint);box-shadow:inset 3px 0 var(--accent)}
.means{grid-column:1/-1}
.present{grid-column:1/-1;color:var(--soft);font-size:.875rem;text-wrap:pretty}
.reset{font:inherit;font-size:.9375rem;min-height:44px;margin:12px 0 0;padding:0 16px;border:1px solid var(--line);border-radius:12px;background:transparent;color:var(--ink);cursor:pointer}
.phone-head .reset-hint{margin-top:6px}
.reset:hover{background:var(--tint)}
.reset:disabled{opacity:.5}
.number{color:var(--soft);font-size:.875rem;font-variant-numeric:tabular-nums}
.who{color:var(--soft);font-size:.875rem;text-align:right}
.phone{display:flex;flex-direction:column;background:var(--card);border:1px solid var(--line);border-radius:32px;box-shadow:var(--shadow);overflow:hidden}
.phone-head{padding:18px 20px 12px;border-bottom:1px solid var(--line)}
.phone-head p{margin:2px 0 0;color:var(--soft);font-size:.875rem;font-variant-numeric:tabular-nums}
.messages{flex:1;overflow-y:auto;padding:16px;display:flex;flex-direction:column;gap:12px;min-height:180px;max-height:50vh}
@media (min-width:900px){.messages{max-height:none}}
.message{max-width:92%;align-self:flex-start}
.message p{margin:0;background:var(--bubble);border-radius:4px 18px 18px;padding:10px 14px;white-space:pre-wrap}
.message time{display:block;color:var(--soft);font-size:.75rem;margin:0 0 4px 2px}
.message.new p{animation:arrive .3s ease-out}
@keyframes arrive{from{opacity:0;transform:translateY(-6px)}}
@media (prefers-reduced-motion:reduce){.message.new p{animation:none}}
.nothing{margin:auto;max-width:30ch;text-wrap:balance;text-align:center;color:var(--soft);padding:16px}
.nothing strong{display:block;color:var(--ink)}
.state{margin:0;padding:0 20px 14px;color:var(--soft);font-size:.8125rem;min-height:1.5em}
.addresses{margin:32px 0 0;color:var(--soft);font-size:.875rem}
.addresses code{font:inherit;font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:.8125rem}
.addresses li{padding:4px 0}
`
