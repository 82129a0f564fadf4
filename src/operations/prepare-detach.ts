import posix from 'node:path/posix'
import type { Change } from '../core/change.ts'
import { liveEntries } from '../core/cluster/find-cluster.ts'
import { clusterInstance } from '../core/cluster/kinds.ts'
import { inventoriesWithout } from '../core/detach/inventories-without.ts'
import { editsOf, planRepair, type Plan } from '../core/detach/plan-detach.ts'
import { recordOfDetach } from '../core/detach/record-of-detach.ts'
import { seedPaths, writeRecord, type SeedRecord } from '../core/detach/seed-record.ts'
import { whyMultiNode } from '../core/detach/why-multi-node.ts'
import type { Edit, EditMode } from '../core/edit/edit.ts'
import { editedFiles, repairNulls } from '../core/edit/remove-items.ts'
import { whyRepaired } from '../core/edit/why-repaired.ts'
import type { Proof } from '../core/proof/proof.ts'
import { textAt, type RepositoryTree } from '../core/repository-tree.ts'
import type { Configuration } from '../core/settings/configuration.ts'
import { RefusedError } from '../errors.ts'
import { openListsAt, type Opened } from './repair/open-lists-at.ts'
import { findListed } from './names/find-listed.ts'
import { planAt } from './names/plan-at.ts'
import type { Checkout } from './ports/repository.ts'
import { prepareEdits, type PreparedEdits, type Preparing } from './prepare-edits.ts'
import { refuseEmptied } from '../core/proof/refuse-emptied.ts'
import { laterWave, whyTooEarly } from '../core/proof/why-too-early.ts'
import { proveMerge } from './prove-merge.ts'

/** A cluster to detach, the commit to do it on, and the person who wants it. */
export type ToDetach = Readonly<{
  /** The commit that the edit goes on top of. */
  onto: Checkout
  /** The commit that Argo CD renders; the command line edits that very one. */
  base: Checkout
  config: Pick<Configuration, 'roots' | 'directory' | 'acceptStaticProof'>
  mode: EditMode
  /** True to take out everything else that is the cluster's own: a person's wish; a run asks for it where both share a file. */
  withCompanions?: boolean
  /** The run that asks; all null for a person at the command line. */
  request: Readonly<{
    cluster: string
    key: string | null
    image: string | null
    pullRequest: number | null
  }>
  message: string
  /** The day, such as 2026-11-29, for inventories. */
  today: string
}>

/** A detach that is planned and proven, and written nowhere. */
export type PreparedDetach = Readonly<{
  plan: Plan
  proof: Proof
  record: SeedRecord
  /** Everything that is to be committed: the edit, the record, the inventories. */
  changes: readonly Change[]
  /** Repairs made to lists besides, each with its reason. */
  repairs: readonly string[]
  /** The commit with the edit alone, and its diff. */
  after: Checkout
  diff: string
}>

/**
 * Plans and proves a detach; the bot pushes the result and the command line writes it. On a branch where a person
 * has made the edit already, nothing but a null list is edited, and the merge is proven. Throws RefusedError
 * PROOF_REFUSED when anything but the cluster would leave, SITE_CONFIG for a run, MERGE_CONFLICT, and what planning
 * and proving throw.
 */
export const prepareDetach = async (
  preparing: Preparing,
  detach: ToDetach,
): Promise<PreparedDetach> => {
  const { config, mode, request, today } = detach
  const { cluster } = request
  const { roots } = config
  // A person is shown what is wrong with a list; for a run it is repaired with the edit.
  const open = async (checkout: Checkout): Promise<Opened> =>
    request.key === null
      ? { checkout, edits: [], closing: [] }
      : openListsAt(preparing.repository, checkout, roots)
  const opened = await open(detach.onto)
  const onto = opened.checkout
  const { checkout: base } = await open(detach.base)
  const found = liveEntries(onto.tree, { cluster, roots })
  const isListed = (await findListed(preparing.namer, onto, { cluster, roots, found })) !== null
  const companions =
    request.key !== null ? 'in its file' : detach.withCompanions === true ? 'leave' : undefined
  const planning = {
    cluster,
    roots,
    mode,
    companions,
    acceptStatic: config.acceptStaticProof,
  } as const
  const plan = await planAt(preparing, isListed ? onto : base, planning)
  if (request.key !== null) {
    refuseSiteConfig(plan, cluster)
    refuseMultiNode((isListed ? onto : base).tree, plan, cluster)
  }
  // A person's own edit may have left a key null, which kustomize takes for an empty kustomization.
  const edits = isListed
    ? editsOf(plan)
    : (planRepair(onto.tree, { cluster, roots })?.edits ??
      nullsIn(onto, plan.found.kustomization.path))
  const { after, diff, proof } = isListed
    ? await prepareOwnEdit(preparing, { ...detach, onto }, plan)
    : await prepareRepair(preparing, { ...detach, onto }, edits)
  if (proof.refusal !== null) throw proofRefused(proof, { cluster, plan })
  refuseEmptied(after.tree, proof, cluster)
  if (request.key !== null) refuseTooEarly(proof, cluster)
  const record = recordOfDetach({ plan, proof, request })
  const reason = request.image === null ? 'detached by hand' : `seed image ${request.image}`
  const { pullRequest } = request
  const changes = [
    ...editedFiles([...opened.edits, ...edits]),
    { path: seedPaths(config.directory, cluster).record, content: writeRecord(record) },
    ...inventoriesWithout(onto.tree, { cluster, reason, date: today, pullRequest }),
  ]
  const repairs = whyRepaired([...opened.edits, ...edits])
  return { plan, proof, record, changes, repairs, after, diff }
}

/** Edits that turn the keys which a person's edit of a kustomization left null into `[]`. */
const nullsIn = ({ tree }: Checkout, path: string): readonly Edit[] => {
  const { reached } = tree.reach(posix.dirname(path))
  return reached ? repairNulls(reached.kustomization) : []
}

type Proven = Pick<PreparedEdits, 'after' | 'diff' | 'proof'>

const prepareOwnEdit = (
  preparing: Preparing,
  { onto, config, request: { cluster, key }, message }: ToDetach,
  plan: Plan,
): Promise<Proven> =>
  prepareEdits(preparing, {
    ...{ onto, message, edits: editsOf(plan) },
    // A person sees at once what the edit does; before a merge every root counts.
    roots: key === null ? plan.found.roots : config.roots,
    // A SiteConfig renders more than one object of its cluster.
    expected: {
      cluster,
      object: true,
      companions: plan.found.object.kind !== clusterInstance.kind || plan.takesWhole,
    },
    acceptStatic: config.acceptStaticProof,
  })

const prepareRepair = async (
  preparing: Preparing,
  { onto, base, config, message, request }: ToDetach,
  edits: readonly Edit[],
): Promise<Proven> => {
  const { repository } = preparing
  const changes = editedFiles(edits)
  const head = await repository.commit({ onto: onto.sha, message, changes })
  const proof = await proveMerge(preparing, { base, head, config, cluster: request.cluster })
  return {
    after: await repository.checkout(head),
    diff: await repository.diff(onto.sha, head),
    proof,
  }
}

const proofRefused = (
  { refusal }: Proof,
  { cluster, plan }: Readonly<{ cluster: string; plan: Plan }>,
): RefusedError =>
  new RefusedError('PROOF_REFUSED', `proving the detach of ${cluster}: ${refusal}`, {
    fix: `edit ${plan.found.kustomization.path} by hand so that only the ${plan.found.object.kind} of ${cluster} leaves`,
  })

/** A run has nobody who looks after a BareMetalHost whose namespace or Secret went before it. */
const refuseTooEarly = (proof: Proof, cluster: string): void => {
  const reason = whyTooEarly(proof)
  if (reason === null) return
  throw new RefusedError('COMPANIONS_LEAVE', `detaching ${cluster}: ${reason}`, { fix: laterWave })
}

/** A person may detach such a cluster; a run would find out on the seed, or after the merge. */
const refuseMultiNode = (tree: RepositoryTree, { found }: Plan, cluster: string): void => {
  if (tree.entry(found.source) !== 'file') return
  const reason = whyMultiNode(textAt(tree, found.source), cluster)
  if (reason === null) return
  throw new RefusedError('MULTI_NODE', `detaching ${cluster}: ${found.source}: ${reason}`, {
    fix: 'take a single-node cluster as the seed: the Lifecycle Agent makes an image of no other',
  })
}

/** A run watches a ClusterInstance; a person has to follow what a SiteConfig's cluster leaves behind. */
const refuseSiteConfig = ({ found }: Plan, cluster: string): void => {
  if (found.object.kind === clusterInstance.kind) return
  throw new RefusedError(
    'SITE_CONFIG',
    `detaching ${cluster}: ${found.source} is a SiteConfig, and a run follows a ClusterInstance only`,
    { fix: `edit it with \`sower detach ${cluster}\` and follow the detach by hand` },
  )
}
