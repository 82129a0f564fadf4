import { resolve } from 'node:path'
import { appendOutput } from '../../../adapters/files/write-output.ts'
import { openHistory } from '../../../adapters/git/open-history.ts'
import {
  changeAsAnnotations,
  changeAsSummary,
  changeAsText,
  unannounced,
  type ChangeReport,
} from '../../../core/report/change-report.ts'
import { plain } from '../../../core/report/plain.ts'
import { InputError, RefusedError } from '../../../errors.ts'
import { mergeConflict } from '../../../operations/prove-merge.ts'
import { checkChange } from '../../../operations/change/check-change.ts'
import { rootsOfChange } from '../../../operations/change/roots-of-change.ts'
import { composeKustomize, isColoured, type Surroundings } from '../../../surroundings.ts'
import { openClone } from '../../clone/open-clone.ts'
import type { OutputForm } from '../../output-flag.ts'
import { paint } from '../../output/paint.ts'
import { printAs } from '../../output/print-as.ts'

/** Options of `sower check`. */
export type CheckOptions = Readonly<{
  directory: string
  base: string
  head: string
  output: OutputForm
}>

/**
 * `sower check`: prints which clusters leave, and which come back, when `head` is merged into `base`; it writes nothing but
 * the job summary of GitHub Actions. Throws InputError for what is not a commit, RefusedError MERGE_CONFLICT, what renders
 * throw, and after the report CHANGE_UNANNOUNCED where no record says so.
 */
export const checkCommand = async (
  surroundings: Surroundings,
  { directory, base, head, output }: CheckOptions,
): Promise<void> => {
  const { environment } = surroundings
  const given = { PATH: environment['PATH'] ?? '', HOME: environment['HOME'] ?? '/' }
  const place = { directory: resolve(surroundings.directory, directory), environment: given }
  const history = await openHistory(place, directory)
  const commitOf = async (flag: string, revision: string): Promise<string> => {
    const commit = await history.commitOf(revision)
    if (commit !== null) return commit
    throw new InputError(
      'ARGUMENT_INVALID',
      `reading ${flag}: there is no commit ${revision} in this clone`,
      {
        fix: 'fetch it, or name another one',
      },
    )
  }
  const [from, to] = [await commitOf('--base', base), await commitOf('--head', head)]
  const clone = await openClone(surroundings, { directory, roots: [] })
  try {
    const before = await clone.repository.checkout(from)
    const after = await clone.repository.merge(from, to)
    if (!after) throw mergeConflict(to, from.slice(0, 12))
    const kustomize = await composeKustomize(surroundings)
    const { roots } = rootsOfChange({ before, after, base: clone.base })
    const changed = await clone.repository.mergedPaths(from, to)
    const clusters = await checkChange(kustomize, {
      before,
      after,
      roots,
      directory: clone.directory,
      ...(changed === undefined ? {} : { changed }),
    })
    const report: ChangeReport = {
      ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'Check' },
      ...{ base: from, head: to, clusters },
    }
    surroundings.print(
      printAs(output, report, () =>
        output === 'github'
          ? changeAsAnnotations(report)
          : isColoured(surroundings)
            ? paint.marks(changeAsText(report))
            : changeAsText(report),
      ),
    )
    const summary = environment['GITHUB_STEP_SUMMARY']
    if (output === 'github' && summary)
      appendOutput({ file: summary, shown: 'the job summary' }, changeAsSummary(report, plain))
    refuseUnannounced(report)
  } finally {
    clone.close()
  }
}

const refuseUnannounced = (report: ChangeReport): void => {
  const clusters = unannounced(report).map(({ cluster }) => cluster)
  if (clusters.length === 0) return
  throw new RefusedError(
    'CHANGE_UNANNOUNCED',
    `checking the change: ${clusters.join(', ')} would leave or come back, and no record says so`,
    { fix: 'see the report: detach and reattach with Sower, or take the change back' },
  )
}
