import { posix } from 'node:path'
import { searchCluster } from '../../../core/cluster/find-cluster.ts'
import {
  recordVersion,
  seedPaths,
  writeRecord,
  type SeedRecord,
} from '../../../core/detach/seed-record.ts'
import { emptyReport, type PlanReport } from '../../../core/report/plan-report.ts'
import { generatorsIn } from '../../../core/seedgen/generators-in.ts'
import { RefusedError } from '../../../errors.ts'
import { inventoriesWith } from '../../../core/detach/inventories-without.ts'
import type { Change } from '../../../core/change.ts'
import { createProver } from '../../../operations/create-prover.ts'
import { createNamer } from '../../../operations/names/create-namer.ts'
import { findListed } from '../../../operations/names/find-listed.ts'
import { keepRenders } from '../../../operations/names/keep-renders.ts'
import { planRestore } from '../../../core/detach/plan-restore.ts'
import { readRecordAt } from '../../../core/detach/read-record-at.ts'
import type { Clone } from '../../clone/clone.ts'
import { composeKustomize, type Surroundings } from '../../../surroundings.ts'
import { describeMissing, mustBeBack, warnOfMissing } from './must-be-back.ts'
import { bringBack } from './bring-back.ts'
import { readBackwards, repairLists } from './repair-lists.ts'
import { takeBack } from './take-back.ts'
import type { Kustomize } from '../../../operations/ports/kustomize.ts'
import { describeProof } from '../../output/describe-proof.ts'
import { finish, type EditOptions, type Explored, type Step } from '../../clone/finish.ts'

/** Options of `sower reattach`. */
export type ReattachOptions = EditOptions &
  Readonly<{
    understands: boolean
    acceptStatic: boolean
    /** True to bring back everything that the cluster needs, from commented-out lines. */
    withCompanions: boolean
    render?: string | undefined
  }>

const risk =
  'bringing a ClusterInstance back may reinstall its host: siteconfig renders BareMetalHost and AgentClusterInstall again, for a cluster that is running'

/**
 * `sower reattach`: puts back exactly the lines that detaching changed, as the record keeps them, and proves
 * that nothing else comes into the render. Throws RefusedError REATTACH_RISK without the acknowledgement,
 * RECORD_MISSING, EDIT_MOVED; then nothing is changed.
 */
export const reattachCommand = (
  surroundings: Surroundings,
  options: ReattachOptions,
): Promise<void> =>
  finish(surroundings, options, async clone => {
    const { cluster } = options
    const kustomize = keepRenders(await composeKustomize(surroundings, { mode: options.render }))
    const acceptStatic = options.acceptStatic || clone.config?.acceptStaticProof === true
    const prove = createProver(kustomize)
    const repair = await repairLists(clone, { cluster, prove })
    const exploring = { ...options, acceptStatic }
    if (!repair) return explore(kustomize, clone, exploring)
    const { report, steps, path } = await explore(kustomize, repair.clone, exploring)
    refuseUnlessUnderstood(cluster, options)
    return {
      report: {
        ...report,
        status: 'reattachable',
        roots: [...repair.roots, ...report.roots],
        warnings: [...repair.warnings, ...report.warnings],
        diffs: [...repair.diffs, ...report.diffs],
      },
      steps: [repair.step, ...steps],
      path,
    }
  })

const explore = async (
  kustomize: Kustomize,
  clone: Clone,
  { cluster, act, understands, acceptStatic, withCompanions }: ReattachOptions,
): Promise<Explored> => {
  const { checkout, repository, directory, roots } = clone
  const { found } = searchCluster(checkout.tree, { cluster, roots })
  const request = { cluster, roots, found }
  const live = await findListed(createNamer(kustomize), checkout, request)
  if (live) {
    const { path, entry } = live
    const back = takeBack(clone, cluster)
    const acknowledged = back.length > 0 ? null : acknowledge(clone, cluster)
    if (acknowledged) refuseUnlessUnderstood(cluster, { act, understands })
    const asked = { cluster, roots, rendering: [] }
    const missing = acknowledged ? await mustBeBack(kustomize, checkout, asked) : []
    const lacking = describeMissing(clone, missing)
    return {
      report: {
        ...emptyReport(cluster),
        status: back.length > 0 ? 'reattachable' : 'attached',
        file: clone.shown(path),
        key: entry?.key ?? null,
        entry: entry?.value ?? null,
        line: entry?.line ?? null,
        missing: lacking,
        warnings: [
          ...(acknowledged
            ? [`its entry is there, and the repository calls it detached: ${risk}`]
            : []),
          ...warnOfMissing(missing, lacking),
          ...clone.warnings,
        ],
        diffs: acknowledged ? [await diffOf(clone, acknowledged)] : [],
      },
      steps: acknowledged ? [acknowledged] : back,
      path,
    }
  }
  const record = readRecordAt(checkout.tree, { directory, cluster })
  const message = `Reattach ${cluster}`
  const proving = { kustomize, clone, cluster, message, acceptStatic }
  const restored = planRestore(checkout.tree, record, cluster)
  const { back, missing } = await bringBack(proving, restored, withCompanions)
  const { changes, sha, proof } = back
  refuseUnlessUnderstood(cluster, { act, understands })
  const [edit] = record?.detached?.edits ?? []
  const described = describeProof(clone, proof)
  const lacking = describeMissing(clone, missing)
  const report: PlanReport = {
    ...emptyReport(cluster),
    status: 'reattachable',
    file: edit ? clone.shown(edit.file) : null,
    key: edit?.key ?? null,
    entry: edit?.before.trim() ?? null,
    line: edit?.line ?? null,
    ...described,
    roots: described.roots.map(readBackwards),
    missing: lacking,
    warnings: [risk, ...warnOfMissing(missing, lacking), ...clone.warnings],
    diffs: [await repository.diff(checkout.sha, sha)],
  }
  return {
    report,
    steps: [
      {
        message,
        changes: [
          ...changes,
          recordAfter(clone, record, cluster),
          ...inventoriesWith(checkout.tree, cluster),
        ],
      },
    ],
    path: null,
  }
}

const refuseUnlessUnderstood = (
  cluster: string,
  { act, understands }: Pick<ReattachOptions, 'act' | 'understands'>,
): void => {
  if (act === 'look' || act === 'try' || understands) return
  throw new RefusedError('REATTACH_RISK', `reattaching ${cluster}: ${risk}`, {
    fix: 'say --i-understand-this-may-reinstall if that is intended',
  })
}

/**
 * The record of a run is history and stays; that of a detach by hand goes with what it was for. Beside a
 * SeedGenerator there must be one: it is what the plugin's guard takes for the acknowledgement.
 */
const recordAfter = (
  { checkout, directory }: Clone,
  record: SeedRecord | undefined,
  cluster: string,
): Change => {
  const folder = posix.join(directory, cluster)
  const hasGenerator = generatorsIn(checkout.tree, folder).length > 0
  const kept = record && record.request !== null ? record : hasGenerator ? newRecord(cluster) : null
  return {
    path: seedPaths(directory, cluster).record,
    content: kept && writeRecord({ ...kept, status: 'reattached', detached: null }),
  }
}

const newRecord = (cluster: string): SeedRecord => ({
  ...{ apiVersion: recordVersion, kind: 'SeedRecord', cluster, image: null },
  ...{ status: 'reattached', request: null, pullRequest: null, mergedAs: null },
  ...{ detached: null, digest: null, finishedAt: null },
})

/** The step that makes the repository say that a cluster is back whose entry somebody has put back by hand. */
const acknowledge = (clone: Clone, cluster: string): Step | null => {
  const { checkout, directory } = clone
  const record = readRecordAt(checkout.tree, { directory, cluster })
  const after = recordAfter(clone, record, cluster)
  const isDone = after.content === null ? !record : record?.status === 'reattached'
  const changes = [...(isDone ? [] : [after]), ...inventoriesWith(checkout.tree, cluster)]
  return changes.length > 0 ? { message: `Acknowledge that ${cluster} is back`, changes } : null
}

const diffOf = async ({ checkout, repository }: Clone, step: Step): Promise<string> =>
  repository.diff(checkout.sha, await repository.commit({ onto: checkout.sha, ...step }))
