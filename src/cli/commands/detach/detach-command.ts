import { rootsToRender } from '../../../core/cluster/roots-to-render.ts'
import { alreadyDetached } from '../../../core/detach/already-detached.ts'
import type { EditMode } from '../../../core/edit/edit.ts'
import { emptyReport, type PlanReport } from '../../../core/report/plan-report.ts'
import { commentMode } from '../../../core/settings/comment-mode.ts'
import { refuseUnlessSeed } from '../../../core/settings/refuse-unless-seed.ts'
import { createProver } from '../../../operations/create-prover.ts'
import { createNamer } from '../../../operations/names/create-namer.ts'
import { keepRenders } from '../../../operations/names/keep-renders.ts'
import { prepareDetach } from '../../../operations/prepare-detach.ts'
import { composeKustomize, type Surroundings } from '../../../surroundings.ts'
import { refuseUnknown } from '../../clone/refuse-unknown.ts'
import { finish, type EditOptions, type Explored } from '../../clone/finish.ts'
import { laterWave, whyTooEarly } from '../../../core/proof/why-too-early.ts'
import {
  describeCompanion,
  describePatches,
  describeProof,
  describeWhole,
} from '../../output/describe-proof.ts'
import { emptiedRoots, heldByArgoCd, type Exploring, type Found } from './exploring.ts'
import { exploreRepair } from './explore-repair.ts'
import { withCompanions } from './with-companions.ts'

/** Options of `sower plan` and `sower detach`. */
export type DetachOptions = EditOptions &
  Readonly<{
    mode: EditMode
    companions: boolean
    withCompanions: boolean
    acceptStatic: boolean
    /** How to render; without it what SOWER_RENDER says. */
    render?: string | undefined
  }>

/**
 * `sower plan` and `sower detach`: shows the edit and its proof, made from committed content; `detach` then
 * writes the files into the work tree, and commits them with --commit. Throws InputError, RefusedError;
 * then nothing is changed.
 */
export const detachCommand = (surroundings: Surroundings, options: DetachOptions): Promise<void> =>
  finish(surroundings, options, async clone => {
    const { cluster, acceptStatic } = options
    const { repository, checkout, roots, directory, config } = clone
    if (config) {
      // A render may name it, which a refusal is not worth.
      if (rootsToRender(checkout.tree, { cluster, roots }).length === 0)
        refuseUnknown(clone, cluster)
      refuseUnlessSeed(config, cluster)
    }
    const kustomize = keepRenders(await composeKustomize(surroundings, { mode: options.render }))
    const exploring: Exploring = {
      ...{ clone, cluster, withCompanions: options.withCompanions },
      mode: options.mode === 'comment' && config ? commentMode(config) : options.mode,
      preparing: {
        ...{ repository, prove: createProver(kustomize), namer: createNamer(kustomize) },
      },
      config: {
        ...{ roots, directory },
        acceptStaticProof: acceptStatic || config?.acceptStaticProof === true,
      },
    }
    const detached = await exploreDetach(exploring).catch((error: unknown) =>
      exploreRepair(
        exploring,
        alreadyDetached(checkout.tree, { cluster, roots, directory }, error),
      ),
    )
    return options.companions ? withCompanions(exploring, detached) : explored(detached)
  })

const onlyTheCluster =
  'no entry brings in only the cluster and what is its own, so the cluster leaves alone: move what is not its own to another place, or take the rest out later with --companions'

const explored = ({ report, steps, path }: Found): Explored => ({ report, steps, path })

const exploreDetach = async ({
  clone,
  cluster,
  mode,
  withCompanions,
  preparing,
  config,
}: Exploring): Promise<Found> => {
  const { checkout } = clone
  const message = `Detach ${cluster}`
  const { plan, proof, record, changes, after, diff } = await prepareDetach(preparing, {
    ...{ onto: checkout, base: checkout, config, mode, withCompanions, message },
    request: { cluster, key: null, image: null, pullRequest: null },
    today: new Date().toISOString().slice(0, 10),
  })
  const { found, edit } = plan
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
    whole: plan.takesWhole ? null : describeWhole(clone, plan),
    warnings: [
      ...clone.warnings,
      ...plan.warnings,
      ...(withCompanions && !plan.takesWhole && plan.companions.length > 0 ? [onlyTheCluster] : []),
      ...[whyTooEarly(proof) ?? []].flat().map(reason => `${reason}: ${laterWave}`),
      ...heldByArgoCd(proof),
      ...emptiedRoots(clone, proof),
    ],
    diffs: [diff],
  }
  const { path } = found.kustomization
  return { report, steps: [{ message, changes }], path, after, record }
}
