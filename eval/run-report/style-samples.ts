/** Sampled trajectories: passage and workflow beside the conversation, or above it where there is no room. */
export const SAMPLE_STYLE = `
.sample { border: 1px solid var(--line); border-radius: .4rem; margin: .7rem 0; }
.sample > summary { padding: .7rem 1rem; list-style: none; display: block; }
.sample > summary::-webkit-details-marker { display: none; }
.sample > summary:hover .title { text-decoration: underline; text-decoration-color: var(--line); text-underline-offset: .2em; }
.sample .title { display: block; font: 600 1.05rem/1.35 var(--serif); }
.sample .title::before { content: "+"; display: inline-block; width: 1.1rem; color: var(--accent); font-family: var(--mono); font-weight: 400; }
.sample[open] > summary .title::before { content: "−"; }
.sample .meta { display: block; padding-left: 1.1rem; color: var(--dim); font-size: .86rem; }
.inside { border-top: 1px solid var(--line); padding: 1rem; }
.spread { display: grid; grid-template-columns: minmax(0, 22rem) minmax(0, 1fr); gap: 2rem; align-items: start; }
.origin { font-size: .92rem; }
.origin > details + details { margin-top: 1.2rem; }
.origin > details > summary { font: 600 .86rem/1.4 var(--sans); color: var(--dim); margin-bottom: .35rem; }
.passage-title { font-family: var(--serif); font-weight: 600; }
.passage .prose { font-family: var(--serif); line-height: 1.6; }
.prose { white-space: pre-wrap; margin: 0; unicode-bidi: plaintext; overflow: clip; overflow-clip-margin: .2rem; }
mark { background: var(--mark); color: inherit; border-radius: 2px; padding: 0 .1em; }
.steps, .rules, .tool-list { padding-left: 1.2rem; margin: .3rem 0; }
.steps li, .rules li { margin: .2rem 0; }
.graph { padding: .5rem .7rem; background: var(--panel); border-radius: .2rem; }
.rules q { display: block; color: var(--dim); font-family: var(--serif); font-style: italic; }
.tool-list { list-style: none; padding: 0; }
.tool-list > li { margin: .6rem 0; }
.tool-name { font-weight: 600; color: var(--accent); }
.parameters { list-style: none; padding-left: .8rem; margin: .15rem 0; border-left: 1px solid var(--line); color: var(--dim); }
.labels { display: flex; flex-wrap: wrap; gap: .35rem .5rem; list-style: none; padding: 0; margin: 0 0 1.1rem; font-size: .86rem; }
.labels li { border: 1px solid var(--line); border-radius: 1rem; padding: .05rem .65rem; }
.labels .found { background: var(--accent-soft); border-color: transparent; }
.labels .missing { border-style: dashed; color: var(--dim); }
.messages { list-style: none; margin: 0; padding: 0; display: grid; gap: .7rem; }
.message { padding: .6rem .9rem .7rem; border-radius: .5rem; min-width: 0; contain: paint; }
.who { margin: 0 0 .2rem; font-size: .82rem; color: var(--dim); display: flex; justify-content: space-between; gap: 1rem; }
.who b { font-weight: 600; }
.index { font-variant-numeric: tabular-nums; }
.message.system { border: 1px solid var(--line); }
.message.user { background: var(--panel); margin-right: 12%; border-bottom-left-radius: .1rem; }
.message.assistant { background: var(--accent-soft); margin-left: 8%; border-bottom-right-radius: .1rem; }
.message.tool { margin-left: 8%; border-left: 3px solid var(--line); border-radius: 0; padding-block: .2rem .3rem; }
.call { margin-top: .45rem; }
.call-name { margin: 0 0 .2rem; font-size: .92rem; }
.call-name code { font-weight: 600; color: var(--accent); }
pre { margin: 0; padding: .5rem .7rem; background: var(--paper); border-radius: .3rem; white-space: pre-wrap; line-height: 1.5; overflow: clip; unicode-bidi: plaintext; }
.message.tool pre { background: var(--panel); }
.fold > summary { color: var(--dim); font-size: .9rem; display: flex; gap: .6rem; align-items: baseline; }
.fold > summary::before { content: "+"; color: var(--accent); font-family: var(--mono); }
.fold[open] > summary::before { content: "−"; }
.fold .peek { flex: 1; min-width: 0; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.fold[open] .peek { visibility: hidden; }
.fold small { white-space: nowrap; }
.findings { list-style: none; margin: .5rem 0 0; padding: 0; }
.finding { font-size: .88rem; margin: .25rem 0 0; padding: .3rem .6rem; background: var(--paper); border-left: 3px solid var(--dim); border-radius: .15rem; }
.finding.error { border-color: var(--bad); }
.finding.warning { border-color: var(--warn); }
.talk > .findings { margin: 0 0 .8rem; }
.talk > .findings .finding { background: var(--panel); }
.verdict { margin-top: 1rem; padding: .7rem .9rem; border: 1px solid var(--line); border-radius: .3rem; }
.verdict.bad { margin: 0 0 1rem; border-color: var(--bad); }
.rubrics { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; margin: .3rem 0; }
.rubrics .good b { color: var(--good); }
.rubrics .bad b, .rubrics .bad { color: var(--bad); }

@media (min-width: 62.01rem) {
  .origin { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow-y: auto; padding-right: .4rem; }
}
@media (max-width: 62rem) {
  .spread { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 52rem) {
  .inside { padding: .8rem; }
  .message.user { margin-right: 4%; }
  .message.assistant, .message.tool { margin-left: 4%; }
}
@media print {
  .spread { display: block; }
  .origin { position: static; max-height: none; overflow: visible; }
  .sample { break-inside: auto; }
  .message { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
