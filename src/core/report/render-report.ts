import type { Check } from '../preflight/check.ts'
import type { RootDifference } from '../proof/compare-renders.ts'
import type { TrackedSecret } from '../secret/track-secret.ts'
import { explainAgent } from '../seedgen/explain-agent.ts'
import { isAdopted } from '../run/detaching/is-adopted.ts'
import { activePhases, isEnded, waitsForDraft, type Run } from '../run/run.ts'
import { leftOf, renderTree } from '../waiting/render-tree.ts'
import type { Waiting } from '../waiting/waiting.ts'
import { accessSection, secretSection } from './access-section.ts'
import { checksSection } from './checks-section.ts'
import { bytesOf, cutMarkdown, longestComment } from './cut-markdown.ts'
import { codeCell, codeSpan, fenced, plain, shorten, table } from './plain.ts'
import { editSection, proofSection } from './proof-section.ts'
import { waitingSection, type Rhythm } from './waiting-section.ts'

/** The parts of the report beside the run; empty where the phase has nothing to show. */
export type Shown = Readonly<{
  checks: readonly Check[]
  roots: readonly RootDifference[]
  refusal: string | null
  kustomize: string | null
  diff: string | null
  secret: TrackedSecret | null
  /** The tree that a detach waits for. */
  tree: Waiting | null
}>

/** For a phase that has nothing to show. */
export const nothingShown: Shown = {
  checks: [],
  roots: [],
  refusal: null,
  kustomize: null,
  diff: null,
  secret: null,
  tree: null,
}

/** The first line of the one comment of a run; GitHub does not show it. */
export const reportMarker = ({ name }: Pick<Run, 'name'>): string => `<!-- sower:run ${name} -->`

const longestTree = 20_000
const longestReason = 4_000
const longestMessage = 1_000

const says: Readonly<Record<Run['phase'], string>> = {
  Requested: 'checking; nothing has been touched',
  Proposed: 'ready: **nothing happens to the cluster until this pull request is merged**',
  Detaching: 'merged; waiting until Argo CD and the hub have let go of the cluster',
  Detached: 'the cluster is detached; committing the SeedGenerator',
  Delivering: 'delivering the Secret `seedgen` and the SeedGenerator to the seed',
  Generating: 'the Lifecycle Agent is making the image; the seed has no API for a while',
  Verifying: 'looking for the image in the registry',
  CleaningUp: 'cleaning up',
  Completed: 'the seed image is in the registry',
  Failed: 'the run has failed',
  Cancelled:
    'the run was cancelled; the cluster was not touched, and nothing follows a later merge of this branch',
}

/** The sentence of a phase; an adopted run waits for nothing to leave. */
const saysOf = (run: Run): string =>
  run.phase === 'Detaching' && isAdopted(run)
    ? 'merged; making sure, in two looks, that no hub manages the cluster'
    : says[run.phase]

/**
 * The sticky comment of a run as Markdown, without its marker. It depends on nothing but its arguments, so
 * equal runs give equal texts, and it never begins a line with a command.
 */
export const renderReport = (run: Run, shown: Shown, rhythm: Rhythm = null): string =>
  fit([
    `### Seed image of ${codeSpan(run.request.cluster)}: ${run.phase}`,
    `${saysOf(run)}.`,
    blockedSection(run),
    waitingSection(run, rhythm),
    progress(run),
    factsTable(run),
    treeSection(run, shown),
    secretSection(run, shown),
    accessSection(run),
    checksSection(shown.checks),
    proofSection(shown, { isAdopted: isAdopted(run) }),
    editSection(shown),
    `Asked for by ${codeSpan(run.request.by)}. Commands: \`/seed status\`, \`/seed retry\`, \`/seed abort\`.`,
  ])

/** The sections as one text; while it is too long, the longest of them is cut. */
const fit = (sections: readonly string[]): string => {
  const text = sections.filter(section => section !== '').join('\n\n')
  const over = bytesOf(text) - longestComment
  if (over <= 0) return text
  const longest = Math.max(...sections.map(bytesOf))
  return fit(
    sections.map(section =>
      bytesOf(section) === longest ? cutMarkdown(section, longest - over) : section,
    ),
  )
}

/** The text of the commit status: at most 140 characters. */
export const renderStatus = (
  run: Run,
): Readonly<{ state: 'pending' | 'success' | 'failure'; description: string }> => {
  const description = run.blocked
    ? `${run.blocked.code}: ${run.blocked.reason}`
    : `${run.phase}: ${saysOf(run).replaceAll('*', '').replaceAll('`', '')}`
  const isGreen = run.blocked === null && (run.phase === 'Proposed' || run.phase === 'Completed')
  const isRed =
    (run.blocked !== null && !waitsForDraft(run)) ||
    run.phase === 'Failed' ||
    run.phase === 'Cancelled'
  return {
    state: isRed ? 'failure' : isGreen ? 'success' : 'pending',
    description: shorten(description, 140),
  }
}

const blockedSection = ({ blocked }: Run): string =>
  blocked
    ? `> **Blocked** (${codeSpan(blocked.code)}) since ${blocked.since}: ${plain(shorten(blocked.reason, longestReason))}\n>\n> **Next:** ${plain(blocked.fix)}`
    : ''

const progress = (run: Run): string => {
  const reached = isEnded(run.phase)
    ? run.phase === 'Completed'
      ? activePhases.length
      : -1
    : activePhases.indexOf(run.phase)
  return activePhases
    .map((phase, index) =>
      index < reached ? `✓ ${phase}` : index === reached ? `**${phase}**` : phase,
    )
    .join(' → ')
}

/** The times stand as they are: with running ages each look would change the comment. */
const treeSection = ({ phase }: Run, { tree }: Shown): string =>
  tree === null || phase !== 'Detaching'
    ? ''
    : `**What it waits for:**\n\n${fenced('text', shorten(renderTree(leftOf(tree), { now: null, isColoured: false }).join('\n'), longestTree))}`

/** Why Sower has not merged the record of the merge; later it asks for other merges. */
const refusalOf = ({ phase, facts: { own } }: Run): string =>
  phase === 'Detaching' && own?.refusal ? `; ${own.refusal}` : ''

const factsTable = (run: Run): string => {
  const { request, facts, attempt } = run
  const advice = explainAgent(facts.lastMessage)
  const rows: readonly (readonly [string, string | null])[] = [
    ['image', request.image],
    ['adopted', isAdopted(run) ? 'the seed as it is; nothing is detached' : null],
    ['merged as', facts.mergedAs],
    [
      'record of the merge',
      facts.recordMergeIn === null
        ? null
        : `in #${facts.recordMergeIn}: until that is merged, a revert of the merge would not conflict${refusalOf(run)}`,
    ],
    ['SeedGenerator committed as', facts.generatorAs],
    ['attempt', attempt > 1 ? String(attempt) : null],
    ['the Lifecycle Agent says', facts.lastMessage],
    ['which means', advice && `${advice.cause}; ${advice.fix}`],
    ['digest', facts.digest],
  ]
  return table(
    ['what', 'value'],
    rows.flatMap(([name, value]) =>
      value === null ? [] : [[name, codeCell(shorten(value, longestMessage))]],
    ),
  )
}
