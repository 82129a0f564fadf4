import type { Edit } from '../../../core/edit/edit.ts'
import type { EditMode } from '../../../core/edit/edit.ts'
import { editedFiles } from '../../../core/edit/remove-items.ts'
import { seedPaths, writeRecord, type SeedRecord } from '../../../core/detach/seed-record.ts'
import { emptyReport, type PlanReport } from '../../../core/report/plan-report.ts'
import type { Proof } from '../../../core/proof/proof.ts'
import {
  editsOf,
  proofRefused,
  recordedEdit,
  recordOf,
  refuseUnlessSeed,
} from '../../../operations/prepare-detach.ts'
import { inventoriesWithout } from '../../../core/detach/inventories-without.ts'
import { planCompanions, rootsReaching, type Plan } from '../../../core/detach/plan-detach.ts'
import type { Kustomize } from '../../../operations/ports/kustomize.ts'
import type { Checkout } from '../../../operations/ports/repository.ts'
import { prove } from '../../../operations/prove.ts'
import { readRecordAt } from '../../../operations/seed-files.ts'
import type { Clone } from '../../clone/clone.ts'
import { composeKustomize, type Surroundings } from '../../surroundings.ts'
import {
  describeCompanion,
  describePatches,
  describeProof,
  notProven,
} from '../../output/describe-proof.ts'
import { findPlan, type Already } from '../../../core/detach/find-plan.ts'
import { finish, type EditOptions, type Explored, type Step } from '../../clone/finish.ts'

/** Of `sower plan` and `sower detach`. */
export type DetachOptions = EditOptions &
  Readonly<{ mode: EditMode; companions: boolean; acceptStatic: boolean }>

/**
 * `sower plan` and `sower detach`: shows the edit and its proof, made from committed content; `detach` then
 * writes the files into the work tree, and commits them with --commit. Throws InputError, RefusedError;
 * then nothing is changed.
 */
export const detachCommand = (surroundings: Surroundings, options: DetachOptions): Promise<void> =>
  finish(surroundings, options, async clone =>
    explore({ clone, kustomize: await composeKustomize(surroundings), options }),
  )

type Exploring = Readonly<{ clone: Clone; kustomize: Kustomize; options: DetachOptions }>

const explore = async (exploring: Exploring): Promise<Explored> => {
  const { clone, options } = exploring
  if (clone.config) refuseUnlessSeed(clone.config, options.cluster)
  const planned = findPlan(clone, options)
  const detached =
    'found' in planned
      ? await exploreDetach(exploring, planned)
      : await exploreRepair(exploring, planned)
  return options.companions ? withCompanions(exploring, detached) : detached
}

type Found = Explored & Readonly<{ after: Checkout; record: SeedRecord | undefined }>

const exploreDetach = async (exploring: Exploring, plan: Plan): Promise<Found> => {
  const { clone, options } = exploring
  const { cluster } = options
  const { found, edit } = plan
  const step = await make(exploring, clone.checkout, editsOf(plan), `Detach ${cluster}`)
  const proof = await proveStep(exploring, {
    ...{ before: clone.checkout, after: step.after, roots: found.roots },
    ...{ object: true, companions: found.object.kind === 'SiteConfig' },
  })
  if (proof.refusal !== null) throw proofRefused(proof, { cluster, plan })
  const request = { cluster, image: null, key: null, pullRequest: null }
  const record = recordOf({ plan, proof, request })
  const report: PlanReport = {
    ...emptyReport(cluster),
    status: 'detachable',
    file: clone.shown(found.kustomization.path),
    key: found.entry.key,
    entry: found.entry.value,
    line: found.entry.line,
    emptied: edit.emptied,
    style: edit.style,
    ...describeProof(clone, proof),
    patches: describePatches(clone, plan),
    companions: plan.companions.map(one => describeCompanion(clone, one, false)),
    warnings: [...clone.warnings, ...plan.warnings, ...emptied(clone, proof)],
    diffs: [step.diff],
  }
  const { path } = found.kustomization
  const recorded = withRecord(clone, step, record)
  const inventories = inventoriesWithout(clone.checkout.tree, {
    ...{ cluster, reason: 'detached by hand', pullRequest: null },
    date: new Date().toISOString().slice(0, 10),
  })
  const steps = [{ ...recorded, changes: [...recorded.changes, ...inventories] }]
  return { report, steps, path, after: step.after, record }
}

/** What Argo CD makes of a root that renders nothing any more. */
const emptied = ({ shown }: Clone, { roots }: Proof): readonly string[] =>
  roots
    .filter(({ left }) => left === 0)
    .map(
      ({ path }) =>
        `${shown(path)} renders nothing any more: an Application of it with automated prune wants \`allowEmpty: true\`, or else one sync with prune by hand`,
    )

const exploreRepair = async (exploring: Exploring, repair: Already): Promise<Found> => {
  const { clone, options } = exploring
  const { cluster } = options
  const { file, line, entry, edits } = repair
  const report: PlanReport = {
    ...emptyReport(cluster),
    status: 'detached',
    file: clone.shown(file),
    entry,
    line,
    warnings: clone.warnings,
  }
  const record = readRecordAt(clone.checkout, { directory: clone.directory, cluster })
  const [edit] = edits
  if (!edit) return { report, steps: [], path: file, after: clone.checkout, record }
  const step = await make(exploring, clone.checkout, edits, `Write an empty list for ${cluster}`)
  const paths = edits.map(({ path }) => path)
  const proof = await proveStep(exploring, {
    ...{ before: clone.checkout, after: step.after },
    roots: rootsReaching(clone.checkout.tree, { roots: clone.roots, paths }),
    ...{ object: false, companions: false },
  })
  if (proof.refusal !== null) throw notProven(proof, byHand(cluster))
  return {
    report: {
      ...report,
      status: 'detachable',
      key: edit.key,
      emptied: true,
      style: edit.style,
      ...describeProof(clone, proof),
      warnings: [
        ...clone.warnings,
        `${cluster} is commented out at ${clone.shown(file)}:${line ?? ''} already, which left ${edit.key} null: kustomize from 5.1 on refuses that, so Argo CD removes nothing; it becomes \`${edit.key}: []\``,
      ],
      diffs: [step.diff],
    },
    steps: [step],
    path: file,
    after: step.after,
    record,
  }
}

const withCompanions = async (exploring: Exploring, detached: Found): Promise<Explored> => {
  const { clone, options } = exploring
  const { cluster, mode } = options
  const { roots } = clone
  const { report, steps, path, after, record } = detached
  const { companions, edits } = planCompanions(after.tree, { cluster, roots, mode })
  const described = companions.map(one => describeCompanion(clone, one, true))
  if (edits.length === 0) return { report: { ...report, companions: described }, steps, path }
  const step = await make(exploring, after, edits, `Remove the companions of ${cluster}`)
  const paths = edits.map(({ path }) => path)
  const proof = await proveStep(exploring, {
    ...{ before: after, after: step.after },
    roots: rootsReaching(after.tree, { roots, paths }),
    ...{ object: false, companions: true },
  })
  if (proof.refusal !== null) throw notProven(proof, byHand(cluster))
  const recorded =
    record?.detached &&
    withRecord(clone, step, {
      ...record,
      detached: {
        ...record.detached,
        edits: [...record.detached.edits, ...edits.flatMap(recordedEdit)],
      },
    })
  return {
    report: {
      ...report,
      status: 'detachable',
      ...describeProof(clone, proof, report),
      companions: described,
      warnings: [
        ...report.warnings,
        ...emptied(clone, proof),
        'the companions may leave only when the ManagedCluster is gone: ACM needs the namespace until then',
      ],
      diffs: [...report.diffs, step.diff],
    },
    steps: [...steps, recorded ?? step],
    path,
  }
}

type Made = Step & Readonly<{ after: Checkout; diff: string }>

/** Edits as a commit in our own copy. */
const make = async (
  { clone: { repository } }: Exploring,
  onto: Checkout,
  edits: readonly Edit[],
  message: string,
): Promise<Made> => {
  const changes = editedFiles(edits)
  const sha = await repository.commit({ onto: onto.sha, message, changes })
  const diff = await repository.diff(onto.sha, sha)
  return { message, changes, after: await repository.checkout(sha), diff }
}

const withRecord = ({ directory }: Clone, step: Step, record: SeedRecord): Step => ({
  message: step.message,
  changes: [
    ...step.changes,
    { path: seedPaths(directory, record.cluster).record, content: writeRecord(record) },
  ],
})

const proveStep = (
  { clone, kustomize, options }: Exploring,
  {
    object,
    companions,
    ...step
  }: Readonly<{
    before: Checkout
    after: Checkout
    roots: readonly string[]
    object: boolean
    companions: boolean
  }>,
): Promise<Proof> =>
  prove(
    { ports: { kustomize }, proofs: new Map() },
    {
      ...step,
      expected: { cluster: options.cluster, object, companions },
      acceptStatic: options.acceptStatic || clone.config?.acceptStaticProof === true,
    },
  )

const byHand = (cluster: string): Parameters<typeof notProven>[1] => ({
  activity: `proving the edit for ${cluster}`,
  fix: 'edit the files by hand',
})
