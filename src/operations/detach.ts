import type { Configuration } from '../config.ts'
import { removeItem, type Edit } from '../core/kustomization/remove-item.ts'
import { findCluster, searchCluster, type Found } from '../core/kustomization/find-cluster.ts'
import { seedPaths, writeRecord, type SeedRecord } from '../core/record/record.ts'
import type { RepositoryTree } from '../core/repository-tree.ts'
import type { Request, Sha } from '../core/run/run.ts'
import { RefusedError } from '../errors.ts'
import { once } from '../once.ts'
import type { Context, Proof } from './context.ts'
import type { Checkout } from './ports.ts'
import { affectedBy, prove } from './prove.ts'

/** The edit that detaches a cluster, not yet written anywhere. */
export type Plan = Readonly<{ found: Found; edit: Edit }>

/** Refuses clusters that the configuration does not list under `seeds`: RefusedError NOT_A_SEED. */
export const refuseUnlessSeed = (config: Configuration, cluster: string): void => {
  if (config.seeds.includes(cluster)) return
  throw new RefusedError(
    'NOT_A_SEED',
    `detaching ${cluster}: it is not among the seeds of sower.yaml (${config.seeds.join(', ')})`,
    { fix: 'add it to `seeds` on the base branch if it may be detached' },
  )
}

/**
 * Plans the detach of a cluster in a tree. Pure but for reading the tree; throws what findCluster and
 * commentOut throw.
 */
export const planDetach = (
  tree: RepositoryTree,
  request: Readonly<{ cluster: string; roots: readonly string[] }>,
): Plan => {
  const found = findCluster(tree, request)
  return { found, edit: removeItem(found.kustomization, { ...found.entry, mode: 'comment' }) }
}

/** The detach as a commit on top of a branch, made and proven but not pushed. */
export type PreparedDetach = Readonly<{ sha: Sha; proof: Proof }>

type Preparing = Pick<Context, 'ports' | 'proofs' | 'prepared'>
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
 * MERGE_CONFLICT, and what planDetach throws.
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
  const { roots } = config
  const isListed = searchCluster(onto.tree, { cluster, roots }).found.length > 0
  const plan = planDetach(isListed ? onto.tree : base.tree, { cluster, roots })
  const { kustomization } = plan.found
  const edits = isListed ? [{ path: kustomization.path, content: plan.edit.text }] : []
  const message = `Detach ${cluster}\n\nSower-Run: ${request.key}\n`
  const proof = isListed
    ? await prove(context, {
        before: onto,
        after: await repository.checkout(
          await repository.commit({ onto: onto.sha, message, changes: edits }),
        ),
        roots,
        cluster,
      })
    : await proveMerge(context, { base, head: onto.sha, roots, cluster })
  if (proof.refusal !== null)
    throw new RefusedError('PROOF_REFUSED', `proving the detach of ${cluster}: ${proof.refusal}`, {
      fix: `edit ${kustomization.path} by hand so that only the ClusterInstance of ${cluster} leaves`,
    })
  const record = {
    path: seedPaths(config.directory, cluster).record,
    content: writeRecord(recordOf({ plan, proof, request })),
  }
  return {
    sha: await repository.commit({ onto: onto.sha, message, changes: [...edits, record] }),
    proof,
  }
}

/** The proof on the merge of a branch with its base: two correct pull requests can merge into a null list. */
export const proveMerge = async (
  context: Preparing,
  {
    base,
    head,
    roots,
    cluster,
  }: Readonly<{ base: Checkout; head: Sha; roots: readonly string[]; cluster: string }>,
): Promise<Proof> => {
  const after = await context.ports.repository.merge(base.sha, head)
  if (after) return prove(context, { before: base, after, roots, cluster })
  throw new RefusedError(
    'MERGE_CONFLICT',
    `merging ${head.slice(0, 12)} into its base: the two conflict`,
    {
      fix: 'bring the branch up to date with its base',
    },
  )
}

const recordOf = ({
  plan: { found, edit },
  proof,
  request,
}: Readonly<{
  plan: Plan
  proof: Proof
  request: Pick<Request, 'key' | 'cluster' | 'image' | 'pullRequest'>
}>): SeedRecord => {
  // The render, not the source, says what the object is called on the hub: a prefix may rename it.
  const removed = proof.roots.flatMap(root => root.removed)
  const [, , namespace = '', name = ''] = removed[0]?.split('/') ?? []
  return {
    apiVersion: 'sower.dev/v1alpha1',
    kind: 'SeedRecord',
    cluster: request.cluster,
    image: request.image,
    status: 'detached',
    request: request.key,
    pullRequest: request.pullRequest,
    detached: {
      file: found.kustomization.path,
      key: found.entry.key,
      lineNumber: found.entry.line,
      line: found.kustomization.text.split('\n')[found.entry.line - 1]?.replace(/\r$/, '') ?? '',
      emptied: edit.emptied,
      source: found.source,
      clusterInstance: { namespace, name },
      roots: [...affectedBy(proof).paths],
    },
    digest: null,
    finishedAt: null,
  }
}
