import { createHash } from 'node:crypto'
import { cleanRun } from '../core/run/clean-run.ts'
import { isMerged, type Run } from '../core/run/run.ts'
import { cleanShown } from '../core/report/clean-shown.ts'
import { renderAnswers } from '../core/report/render-answers.ts'
import { renderNotice } from '../core/report/render-notice.ts'
import type { Rhythm } from '../core/report/waiting-section.ts'
import {
  nothingShown,
  renderReport,
  renderStatus,
  reportMarker,
  type Shown,
} from '../core/report/render-report.ts'
import { editedLines } from '../core/report/edited-lines.ts'
import type { Forge, Status } from '../operations/ports/forge.ts'
import type { Look } from '../operations/observe/observe.ts'
import type { Answer } from '../operations/intake/sender.ts'

/**
 * Writes runs on their pull requests: one comment and the status `sower`, each only when it changed, and a comment of its own where
 * a person is needed or the run ends.
 */
export type Projection = Readonly<{
  /**
   * Shows a run. GitHub wants a second between writes, so this happens beside the loop; what is overtaken
   * before it was written is left out. Never throws.
   */
  show: (run: Run, look: Look | null) => void
  /** Answers what was refused or asked, in one comment a pull request. */
  answer: (pullRequest: number, answers: readonly Answer[]) => Promise<void>
  /** Resolves when all that was shown is written, or could not be. */
  settled: () => Promise<void>
}>

const day = 24 * 60 * 60 * 1000

type Page = Readonly<{ run: Run; body: string; sha: string | null; diff: string | null }>

/**
 * Creates a projection that knows of nothing written yet; `failed` hears of what could not be written. `clean` sees
 * each value before it is escaped or cut: a part of a credential is not found any more. With `now` nobody is called for a run
 * that ended more than a day ago.
 */
export const createProjection = (
  forge: Forge,
  failed: (run: string, error: unknown) => void,
  clean: (text: string) => string = text => text,
  rhythm: Rhythm = null,
  now?: () => Date,
): Projection => {
  const written = new Map<string, string>()
  // What the last look at the branch showed stays in the report while later looks show nothing of it.
  const shown = new Map<string, Shown>()
  const next = new Map<string, Page>()
  const writing = new Map<string, Promise<void>>()

  const whenChanged = async (
    what: string,
    content: unknown,
    write: () => Promise<unknown>,
  ): Promise<void> => {
    const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex')
    if (written.get(what) === hash) return
    await write()
    written.set(what, hash)
  }
  const callPeople = async (run: Run, isNew: boolean): Promise<void> => {
    const notice = renderNotice(run)
    if (notice === null) return
    const { kind, ...comment } = notice
    // An end from before this bot, such as one of an older version, is no news any more.
    if (kind === 'ended' && now && now().getTime() - Date.parse(run.since) > day) return
    const { pullRequest } = run.request
    await whenChanged(`notice ${run.name}`, [pullRequest, notice.marker], async () => {
      // The report itself is new, and GitHub has told of it.
      if (!isNew || kind === 'ended') await forge.upsertComment({ pullRequest, ...comment })
    })
  }
  const writePage = async ({ run, body, sha, diff }: Page): Promise<void> => {
    const { pullRequest } = run.request
    let isNew = false
    await whenChanged(`comment ${run.name}`, [pullRequest, body], async () => {
      const end = await forge.upsertComment({ pullRequest, marker: reportMarker(run), body })
      isNew = end === 'made'
    })
    const status = renderStatus(run)
    if (sha !== null)
      await whenChanged(`status ${run.name}`, [sha, status], () =>
        forge.setStatus({ sha, ...status, detail: detailOf(run, diff) }),
      )
    await callPeople(run, isNew)
  }
  const drain = async (name: string): Promise<void> => {
    for (let page = next.get(name); page; page = next.get(name)) {
      next.delete(name)
      // A page that could not be written comes again with the next look.
      await writePage(page).catch((error: unknown) => {
        failed(name, error)
      })
    }
    writing.delete(name)
  }

  return {
    show: (given, look) => {
      const run = cleanRun(given, clean)
      const { name, request } = run
      if (look?.branch?.proof || look?.checks.length)
        shown.set(request.key, {
          checks: look.checks,
          roots: look.branch?.proof?.roots ?? [],
          refusal: look.branch?.proof?.refusal ?? null,
          kustomize: look.branch?.proof?.kustomize ?? null,
          diff: look.branch?.diff ?? null,
          secret: null,
          tree: null,
        })
      const beside = {
        ...(shown.get(request.key) ?? nothingShown),
        secret: look?.secret ?? null,
        tree: look?.tree ?? null,
      }
      // After the merge the checks are history; what was proven stays.
      const all = isMerged(run) ? { ...beside, checks: [] } : beside
      const body = renderReport(run, cleanShown(all, clean), rhythm)
      next.set(name, { run, body, sha: statusSha(run, look), diff: beside.diff })
      if (!writing.has(name)) writing.set(name, drain(name))
    },
    answer: async (pullRequest, answers) => {
      const said = answers.filter(answer => answer !== null)
      if (said.length === 0) return
      const body = renderAnswers(
        said.map(({ text, code, list = [], checks = [], markdown = '' }) => ({
          ...{ text: clean(text), code, list, markdown },
          checks: cleanShown({ ...nothingShown, checks }, clean).checks,
        })),
      )
      await forge.upsertComment({ pullRequest, marker: '<!-- sower:answer -->', body })
    },
    settled: async () => {
      await Promise.all(writing.values())
    },
  }
}

/** Where the edit is, for a check run; what the run is at stands in its report. */
const detailOf = ({ name, request }: Run, diff: string | null): NonNullable<Status['detail']> => ({
  summary: `The report of this run is the comment on pull request ${request.pullRequest}.`,
  annotations: editedLines(diff ?? '').map(line => ({
    ...{ ...line, level: 'notice' },
    message: `The run of ${name} takes it out here.`,
  })),
})

/** The commit that a status belongs to: the branch's head before the merge, the merge after it. */
const statusSha = (run: Run, look: Look | null): string | null => {
  if (run.facts.mergedAs !== null) return run.facts.mergedAs
  const observation = look?.observation
  return observation && 'pullRequest' in observation && observation.pullRequest.seen === 'present'
    ? observation.pullRequest.value.headSha
    : null
}
