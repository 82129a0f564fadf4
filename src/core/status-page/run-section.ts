import { escapeHtml as text } from '../compare/page/escape-html.ts'
import { isAdopted } from '../run/detaching/is-adopted.ts'
import { activePhases, isEnded, type Active, type Run } from '../run/run.ts'
import { ageOf, leftOf, renderTree } from '../waiting/render-tree.ts'
import { shownTime } from '../waiting/shown-time.ts'
import type { Waiting } from '../waiting/waiting.ts'

/** A run as the bot last saw it, without a registered value. */
export type ShownRun = Readonly<{
  run: Run
  /** The tree that its detach waits for; null where nothing is known of it. */
  tree: Waiting | null
}>

/** When the page is made, and where the repository is for a browser; null without links. */
export type Around = Readonly<{ now: string; webUrl: string | null }>

const awaits: Readonly<Record<Active, string>> = {
  Requested: 'the checks of Git, hub, seed and registry, then the edit',
  Proposed: 'somebody to merge the pull request; the cluster is not touched before',
  Detaching: 'Argo CD and the hub to let go of the cluster',
  Detached: 'the SeedGenerator to be on the base branch',
  Delivering: 'the Secret seedgen and the SeedGenerator to be on the seed',
  Generating: 'the Lifecycle Agent to make the image; the seed has no API for a while',
  Verifying: 'the image to be proven in the registry',
  CleaningUp: 'the seed, the hub and Git to be clean',
}

/** One run: its timeline, what is awaited and since when, what blocks it, and where to look. */
export const runSection = ({ run, tree }: ShownRun, around: Around): string => {
  const { phase, request } = run
  return `<section aria-labelledby="run-${text(run.name)}">
<h2 id="run-${text(run.name)}">${text(request.cluster)} · ${phase}</h2>
${timeline(run)}
${waitsFor(run, around.now)}${blockedPart(run, around.now)}${treePart(run, tree, around.now)}${factsOf(run, around)}</section>`
}

const timeline = ({ phase, blocked }: Run): string => {
  if (isEnded(phase) && phase !== 'Completed') return ''
  const reached = isEnded(phase) ? activePhases.length : activePhases.indexOf(phase)
  const items = activePhases.map((each, index) => {
    if (index < reached) return `<li class="done">✓ ${each}</li>`
    if (index > reached) return `<li>${each}</li>`
    return `<li class="${blocked === null ? 'now' : 'bad'}" aria-current="step">${each}${blocked === null ? '' : ', blocked'}</li>`
  })
  return `<ol>${items.join('')}</ol>`
}

/** A time for people, and whole for programs, with what has passed since. */
export const aged = (instant: string, now: string, ago = ''): string =>
  `<span class="when">${time(instant)} (${text(ageOf(instant, now))}${ago})</span>`

const time = (instant: string): string =>
  `<time datetime="${text(instant)}">${text(shownTime(instant))}</time>`

const waitsFor = (run: Run, now: string): string => {
  const { phase, since } = run
  if (isEnded(phase)) return `<p>Ended ${aged(since, now, ' ago')}.</p>\n`
  const awaited =
    phase === 'Detaching' && isAdopted(run)
      ? 'two looks at which no hub manages the cluster'
      : awaits[phase]
  return `<p>Waits for ${awaited}, since ${aged(since, now)}.</p>\n`
}

const blockedPart = ({ blocked }: Run, now: string): string =>
  blocked === null
    ? ''
    : `<div class="blocked"><p><b>Blocked</b> (<code>${text(blocked.code)}</code>) since ${aged(blocked.since, now)}: ${text(blocked.reason)}</p>
<p><b>Next:</b> ${text(blocked.fix)}</p></div>\n`

const treePart = ({ phase }: Run, tree: Waiting | null, now: string): string =>
  tree === null || phase !== 'Detaching'
    ? ''
    : `<pre tabindex="0" aria-label="What the detach waits for">${text(renderTree(leftOf(tree), { now, isColoured: false }).join('\n'))}</pre>\n`

const factsOf = ({ request, facts, attempt }: Run, { webUrl }: Around): string => {
  const link = (path: string, shown: string): string =>
    webUrl === null
      ? text(shown)
      : `<a href="${text(`${webUrl}/${path}`)}" rel="noreferrer">${text(shown)}</a>`
  const commit = (sha: string | null): string | null =>
    sha === null
      ? null
      : `<code>${link(`commit/${encodeURIComponent(sha)}`, sha.slice(0, 12))}</code>`
  const code = (value: string | null): string | null =>
    value === null ? null : `<code>${text(value)}</code>`
  const rows: readonly (readonly [string, string | null])[] = [
    ['pull request', link(`pull/${request.pullRequest}`, `#${request.pullRequest}`)],
    ['asked for by', text(request.by)],
    ['image', code(request.image)],
    ['merged as', commit(facts.mergedAs)],
    ['SeedGenerator committed as', commit(facts.generatorAs)],
    ['attempt', attempt > 1 ? String(attempt) : null],
    ['the Lifecycle Agent says', facts.lastMessage === null ? null : text(facts.lastMessage)],
    ['digest before the run', code(facts.digestBefore)],
    ['digest', code(facts.digest)],
  ]
  return `<dl>${rows.map(([name, value]) => (value === null ? '' : `<dt>${name}</dt><dd>${value}</dd>`)).join('')}</dl>\n`
}
