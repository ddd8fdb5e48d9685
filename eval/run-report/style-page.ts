/** Page, headings, tables, bars and charts. */
export const PAGE_STYLE = `
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans); overflow-wrap: anywhere; }
.page { max-width: 76rem; margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3rem) 4rem; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; z-index: 2; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
a { color: var(--accent); text-underline-offset: .2em; }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(2rem, 1.5rem + 2.4vw, 3rem); margin: 0 0 .6rem; letter-spacing: -.01em; }
h2 { font-size: 1.6rem; margin: 0 0 .7rem; }
h3 { font-size: 1.15rem; margin: 1.8rem 0 .5rem; }
h4 { font: 600 .8rem/1.3 var(--sans); letter-spacing: .04em; color: var(--dim); margin: 1rem 0 .35rem; }
small { font-size: .84em; font-weight: 400; color: var(--dim); }
code, pre { font-family: var(--mono); font-size: .86em; }
p { margin: .4rem 0; }
.dim, .hint, .empty, .remark { color: var(--dim); }
.hint, .empty { max-width: 46rem; font-size: .92rem; }
.cut { color: var(--warn); font-family: var(--sans); font-style: italic; }
.kicker { margin: 0 0 .5rem; font-size: .85rem; color: var(--dim); }
.lede { max-width: 58rem; color: var(--dim); }
.state { display: inline-block; padding: .05rem .6rem; border-radius: 1rem; background: var(--accent-soft); color: var(--accent); font-weight: 600; font-size: .9rem; }
.state.failed { background: var(--bad-soft); color: var(--bad); }
.state.stopped, .state.running { background: var(--warn-soft); color: var(--warn); }
.banner, .notice { border-left: .3rem solid var(--warn); background: var(--warn-soft); padding: .75rem 1rem; border-radius: .2rem; max-width: 58rem; }
.banner { margin: 1.2rem 0; font-size: 1.02rem; }
.notice { font-size: .92rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1.2rem 2rem; margin: 1.8rem 0 0; padding: 1.3rem 0 0; border-top: 1px solid var(--line); }
.facts dt { font-size: .85rem; color: var(--dim); }
.facts dd { margin: 0; font: 500 2rem/1.25 var(--serif); font-variant-numeric: lining-nums tabular-nums; }
.facts dd.remark { font: .85rem/1.4 var(--sans); }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; margin: 1.6rem 0 0; padding: .8rem 0; border-block: 1px solid var(--line); font-size: .92rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
.part { margin-top: 3.2rem; scroll-margin-top: 1rem; }
footer { margin-top: 4rem; border-top: 1px solid var(--line); color: var(--dim); font-size: .88rem; }

.scroll { overflow-x: auto; max-width: 100%; margin: .9rem 0; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums lining-nums; overflow-wrap: normal; min-width: 100%; }
th, td { padding: .4rem .9rem .4rem 0; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line); }
th { font-weight: 500; }
thead th { color: var(--dim); font-size: .82rem; vertical-align: bottom; }
th.number, td.number { text-align: right; white-space: nowrap; }
tbody th, .nowrap { white-space: nowrap; }
tfoot th, tfoot td { border-bottom: 0; border-top: 1.5px solid var(--ink); font-weight: 600; }

.track { display: block; width: 100%; height: .8rem; min-width: 0; overflow: visible; }
.track rect { vector-effect: non-scaling-stroke; }
.figure { font-variant-numeric: tabular-nums lining-nums; white-space: nowrap; }
.funnel, .bars, .losses { list-style: none; padding: 0; margin: .8rem 0; }
.station { display: grid; grid-template-columns: 13rem minmax(4rem, 1fr) 15rem; gap: 1rem; align-items: center; }
.station .track { height: 1.7rem; }
.lost { margin: .1rem 0 .1rem 14rem; padding: .25rem 0 .25rem .8rem; border-left: 1px dashed var(--dim); color: var(--dim); font-size: .87rem; }
.funnel li + li .station:first-child { margin-top: .45rem; }
.minus { color: var(--bad); font-variant-numeric: tabular-nums; font-weight: 600; }
.bars li { display: grid; grid-template-columns: minmax(8rem, 12rem) minmax(2rem, 1fr) minmax(5.5rem, auto); gap: .8rem; align-items: center; padding: .12rem 0; font-size: .92rem; }
.bars .name { line-height: 1.25; }
.bars.paired li { grid-template-columns: minmax(8rem, 10rem) minmax(2rem, 1fr) 12rem; }
.bars .pair .track { height: .5rem; margin: 2px 0; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap: 0 3rem; }
.more > summary { color: var(--accent); font-size: .9rem; }
summary { cursor: pointer; }

.reason { border-bottom: 1px solid var(--line); }
.reason > summary { display: grid; grid-template-columns: minmax(0, 1.9fr) minmax(3rem, 1fr) 3.5rem; gap: 1rem; align-items: center; padding: .5rem 0; list-style: none; }
.reason > summary::-webkit-details-marker { display: none; }
.reason .what::before { content: "+"; display: inline-block; width: 1.1rem; color: var(--accent); font-family: var(--mono); }
.reason[open] .what::before { content: "−"; }
.reason .figure { text-align: right; font-weight: 600; }
.examples { list-style: none; margin: 0 0 .9rem; padding: 0 0 0 1.1rem; }
.examples li { padding: .5rem 0 .5rem .9rem; border-left: 2px solid var(--line); }
.examples li + li { margin-top: .6rem; }
.place { font-size: .86rem; margin: 0; }
.place > * + * { margin-left: .6rem; }
.said { margin: .15rem 0; }
blockquote { margin: .3rem 0 0; padding: .45rem .7rem; background: var(--panel); border-radius: .2rem; font: .82rem/1.5 var(--mono); white-space: pre-wrap; overflow: clip; }

.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1.6rem 2.4rem; margin: 1.2rem 0; }
figure { margin: 0; break-inside: avoid; }
figcaption { font: 600 1.02rem/1.3 var(--serif); margin-bottom: .2rem; }
.charts.wide { grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); }
.histogram, .curve, .intervals { display: block; width: 100%; height: auto; overflow: visible; font: 11px var(--sans); fill: currentColor; text-anchor: middle; }
.curve { max-width: 38rem; }
.intervals { max-width: 30rem; }
.severity { display: inline-block; font-size: .8rem; padding: 0 .45rem; border-radius: .2rem; background: var(--panel); color: var(--dim); white-space: nowrap; }
.severity.error { background: var(--bad-soft); color: var(--bad); }
.severity.warning { background: var(--warn-soft); color: var(--warn); }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: .5rem 2rem; font-size: .92rem; margin: 1.2rem 0; }
.pairs dt { color: var(--dim); font-size: .84rem; }
.pairs dd { margin: 0; }

@media (max-width: 52rem) {
  .page { padding-top: 1.5rem; }
  .part { margin-top: 2.4rem; }
  .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem 1.2rem; }
  .facts dd { font-size: 1.6rem; }
  tbody th { white-space: normal; }
  .station { grid-template-columns: 1fr auto; gap: .1rem .8rem; }
  .station .track { grid-column: 1 / -1; grid-row: 2; height: 1rem; }
  .station .figure .dim { display: none; }
  .lost { margin-left: .4rem; }
  .bars li, .bars.paired li { grid-template-columns: minmax(0, 1fr) auto; gap: .05rem .8rem; padding: .25rem 0; }
  .bars .track, .bars .pair { grid-column: 1 / -1; grid-row: 2; }
  .bars .pair .track { grid-row: auto; }
  .reason > summary { grid-template-columns: minmax(0, 1fr) 3rem; }
  .reason > summary .track { display: none; }
  .examples { padding-left: 0; }
}
@media print {
  html { font-size: 9.5pt; }
  .page { max-width: none; padding: 0; }
  nav, .skip { display: none; }
  .part { margin-top: 1.6rem; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; }
  table { font-size: .8rem; }
  th, td { padding-right: .5rem; }
  tbody th { white-space: normal; }
  tr, .message, .bars li, .funnel li { break-inside: avoid; }
  .reason:not([open])::details-content, .more:not([open])::details-content { content-visibility: visible; display: block; height: auto; }
}
`;
