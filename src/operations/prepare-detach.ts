import type { Configuration } from '../core/settings/configuration.ts'
import { searchCluster } from '../core/cluster/find-cluster.ts'
import { clusterInstance } from '../core/cluster/kinds.ts'
import { isClusterKind } from '../core/cluster/object-identity.ts'
import type { Edit } from '../core/edit/edit.ts'
import { editedFiles } from '../core/edit/remove-items.ts'
import {
  seedPaths,
  writeRecord,
  type Detached,
  type SeedRecord,
} from '../core/detach/seed-record.ts'
import type { Request, Sha } from '../core/run/run.ts'
import { RefusedError } from '../errors.ts'
import { once } from '../once.ts'
import type { Context } from './context.ts'
import type { Proof } from '../core/proof/proof.ts'
import { inventoriesWithout } from '../core/detach/inventories-without.ts'
import { planDetach, planRepair, type Plan } from '../core/detach/plan-detach.ts'
import type { Checkout } from './ports/repository.ts'
import { affectedBy, prove } from './prove.ts'

/** Refuses clusters that the configuration does not list under `seeds`: RefusedError NOT_A_SEED. */
export const refuseUnlessSeed = (config: Configuration, cluster: string): void => {
  if (config.seeds.includes(cluster)) return
  throw new RefusedError(
    'NOT_A_SEED',
    `detaching ${cluster}: it is not among the seeds of sower.yaml (${config.seeds.join(', ')})`,
    { fix: 'add it to `seeds` on the base branch if it may be detached' },
  )
}

/** The detach as a commit on top of a branch, made and proven but not pushed. */
export type PreparedDetach = Readonly<{ sha: Sha; proof: Proof }>

type Preparing = Pick<Context, 'ports' | 'proofs' | 'prepared' | 'now'>
type ToPrepare = Readonly<{
  /** The head of the branch. */
  onto: Checkout
  /** The base branch, which lists the cluster. */
  base: Checkout
  config: Configuration
  request: Pick<Request, 'key' | 'cluster' | 'image' | 'pullRequest'>
}>

/**
 * Makes the detach commit: the edit, unless a human has made it on the branch already, and the record of
 * what was edited. Throws RefusedError PROOF_REFUSED when anything but the cluster would leave,
 * SITE_CONFIG, MERGE_CONFLICT, and what planDetach and prove throw.
 */
export const prepareDetach = (context: Preparing, detach: ToPrepare): Promise<PreparedDetach> =>
  once(context.prepared, [detach.onto.sha, detach.base.sha, detach.request.key].join(' '), () =>
    makeDetach(context, detach),
  )

const makeDetach = async (
  context: Preparing,
  { onto, base, config, request }: ToPrepare,
): Promise<PreparedDetach> => {
  const { cluster } = request
  const { repository } = context.ports
  const { roots, acceptStaticProof: acceptStatic } = config
  const isListed = searchCluster(onto.tree, { cluster, roots }).found.length > 0
  const plan = planDetach(isListed ? onto.tree : base.tree, { cluster, roots, mode: 'comment' })
  refuseSiteConfig(plan, cluster)
  // A person's own edit may have left a key null, which kustomize takes for an empty kustomization.
  const edits = isListed ? editsOf(plan) : (planRepair(onto.tree, { cluster, roots })?.edits ?? [])
  const changes = editedFiles(edits)
  const message = `Detach ${cluster}\n\nSower-Run: ${request.key}\n`
  const edited = await repository.commit({ onto: onto.sha, message, changes })
  const proof = isListed
    ? await prove(context, {
        before: onto,
        after: await repository.checkout(edited),
        roots,
        expected: { cluster, object: true, companions: false },
        acceptStatic,
      })
    : await proveMerge(context, { base, head: edited, config, cluster })
  if (proof.refusal !== null) throw proofRefused(proof, { cluster, plan })
  const record = {
    path: seedPaths(config.directory, cluster).record,
    content: writeRecord(recordOf({ plan, proof, request })),
  }
  return {
    sha: await repository.commit({
      ...{ onto: onto.sha, message },
      changes: [
        ...changes,
        record,
        ...inventoriesWithout(onto.tree, {
          cluster,
          reason: `seed image ${request.image}`,
          date: context.now().toISOString().slice(0, 10),
          pullRequest: request.pullRequest,
        }),
      ],
    }),
    proof,
  }
}

/** All edits of a plan, in the order in which they stand on each other. */
export const editsOf = ({ edit, dependents }: Plan): readonly Edit[] => [edit, ...dependents]

/** That a proof does not show what was planned. */
export const proofRefused = (
  { refusal }: Proof,
  { cluster, plan }: Readonly<{ cluster: string; plan: Plan }>,
): RefusedError =>
  new RefusedError('PROOF_REFUSED', `proving the detach of ${cluster}: ${refusal}`, {
    fix: `edit ${plan.found.kustomization.path} by hand so that only the ${plan.found.object.kind} of ${cluster} leaves`,
  })

/** A run watches a ClusterInstance; what a SiteConfig's cluster leaves behind is for a person to follow. */
const refuseSiteConfig = ({ found }: Plan, cluster: string): void => {
  if (found.object.kind === clusterInstance.kind) return
  throw new RefusedError(
    'SITE_CONFIG',
    `detaching ${cluster}: ${found.source} is a SiteConfig, and a run follows a ClusterInstance only`,
    { fix: `edit it with \`sower detach ${cluster}\` and follow the detach by hand` },
  )
}

/** The proof on the merge of a branch with its base: two correct pull requests can merge into a null list. */
export const proveMerge = async (
  context: Pick<Context, 'ports' | 'proofs'>,
  {
    base,
    head,
    config: { roots, acceptStaticProof: acceptStatic },
    cluster,
  }: Readonly<{ base: Checkout; head: Sha; config: Configuration; cluster: string }>,
): Promise<Proof> => {
  const after = await context.ports.repository.merge(base.sha, head)
  const expected = { cluster, object: true, companions: false }
  if (after) return prove(context, { before: base, after, roots, expected, acceptStatic })
  throw new RefusedError(
    'MERGE_CONFLICT',
    `merging ${head.slice(0, 12)} into its base: the two conflict`,
    {
      fix: 'bring the branch up to date with its base',
    },
  )
}

/** What the record keeps of a detach. */
export const recordOf = ({
  plan,
  proof,
  request,
}: Readonly<{
  plan: Plan
  proof: Proof
  request: Readonly<{
    cluster: string
    image: string | null
    key: string | null
    pullRequest: number | null
  }>
}>): SeedRecord => {
  const { found } = plan
  // The render, not the source, says what the object is called on the hub: a prefix may rename it.
  const removed = proof.roots.flatMap(root => root.removed).find(isClusterKind)
  const [, , namespace = '', name = ''] = removed?.split('/') ?? []
  return {
    apiVersion: 'sower.dev/v1alpha1',
    kind: 'SeedRecord',
    cluster: request.cluster,
    image: request.image,
    status: 'detached',
    request: request.key,
    pullRequest: request.pullRequest,
    mergedAs: null,
    detached: {
      edits: editsOf(plan).flatMap(recordedEdit),
      source: found.source,
      clusterInstance: { namespace, name },
      roots: [...affectedBy(proof).paths],
    },
    digest: null,
    finishedAt: null,
  }
}

/** An edit as the record keeps it; a repaired key is nothing to restore. */
export const recordedEdit = ({ path, key, hunk }: Edit): readonly Detached['edits'][number][] =>
  hunk ? [{ file: path, key, ...hunk }] : []
