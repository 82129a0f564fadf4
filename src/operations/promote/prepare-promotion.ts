import { createHash } from 'node:crypto'
import posix from 'node:path/posix'
import { defaultRoots } from '../../core/cluster/default-roots.ts'
import type { Change } from '../../core/change.ts'
import { readRecordAt } from '../../core/detach/read-record-at.ts'
import { seedPaths, type SeedRecord } from '../../core/detach/seed-record.ts'
import { objectsBelow } from '../../core/kustomization/objects-below.ts'
import { planPromotion } from '../../core/promote/plan-promotion.ts'
import type { Promotion, SeedImageRef } from '../../core/promote/promotion.ts'
import { refusePromotion } from '../../core/promote/refuse-promotion.ts'
import { refuseUnlessSeed } from '../../core/settings/refuse-unless-seed.ts'
import { RefusedError } from '../../errors.ts'
import type { Base } from '../base.ts'
import type { Kustomize } from '../ports/kustomize.ts'
import type { Checkout, Repository } from '../ports/repository.ts'

/** A promotion that is planned and proven, as a commit that is pushed nowhere. */
export type PreparedPromotion = Readonly<{
  seedImageRef: SeedImageRef
  promotions: readonly Promotion[]
  changes: readonly Change[]
  /** The commit; the base itself where all manifests name the image already. */
  sha: string
  /** As `git diff` prints it. */
  diff: string
  /** The roots whose renders were compared. */
  roots: readonly string[]
  /** The branch for it: the same edit has the same one. */
  branch: string
}>

/**
 * Plans, makes and proves the edit that sets the proven image of a seed in the manifests that sower.yaml names, on top of the
 * base. Throws RefusedError NOT_A_SEED, RECORD_MISSING, IMAGE_NOT_PROVEN for a record of anything but a completed run with a
 * digest and a version, CONFIGURATION_MISSING where no manifest is named, what planPromotion throws, PROOF_REFUSED, and what
 * rendering throws.
 */
export const preparePromotion = async (
  {
    repository,
    kustomize,
  }: Readonly<{
    repository: Pick<Repository, 'checkout' | 'commit' | 'diff'>
    kustomize: Kustomize
  }>,
  { checkout, config }: Base,
  cluster: string,
): Promise<PreparedPromotion> => {
  refuseUnlessSeed(config, cluster)
  const { directory } = config
  const record = readRecordAt(checkout.tree, { directory, cluster })
  const seedImageRef = provenBy(record, { cluster, path: seedPaths(directory, cluster).record })
  const entries = config.promote.filter(({ seed = cluster }) => seed === cluster)
  if (entries.length === 0)
    throw new RefusedError(
      'CONFIGURATION_MISSING',
      `promoting the image of ${cluster}: sower.yaml names no manifest for it under \`promote\``,
      { fix: 'name the files of the upgrade there: docs/promote.md' },
    )
  const planned = entries.map(entry => planPromotion(checkout.tree, entry, seedImageRef))
  const promotions = planned.filter(({ fields }) => fields.length > 0)
  const changes = promotions.map(({ file, text }) => ({ path: file, content: text }))
  const branch = promoteBranch(config, { cluster, seedImageRef, changes })
  const edit = { seedImageRef, promotions, changes, branch }
  if (changes.length === 0) return { ...edit, sha: checkout.sha, diff: '', roots: [] }
  const sha = await repository.commit({
    onto: checkout.sha,
    message: `${titleOf(cluster, seedImageRef)}\n\n${seedImageRef.image}\n`,
    changes,
  })
  const after = await repository.checkout(sha)
  const roots = await prove(kustomize, { before: checkout, after, roots: config.roots }, promotions)
  return { ...edit, sha, diff: await repository.diff(checkout.sha, sha), roots }
}

/** The title of the pull request and of its commit. */
export const titleOf = (cluster: string, { version }: SeedImageRef): string =>
  `Promote the seed image of ${cluster}: OpenShift ${version}`

const provenBy = (
  record: SeedRecord | undefined,
  { cluster, path }: Readonly<{ cluster: string; path: string }>,
): SeedImageRef => {
  const activity = `promoting the image of ${cluster}`
  if (!record)
    throw new RefusedError('RECORD_MISSING', `${activity}: there is no ${path}`, {
      fix: 'let a run of this cluster complete; it writes the record',
    })
  if (record.seedImageRef && (record.status === 'completed' || record.status === 'reattached'))
    return record.seedImageRef
  const reason =
    record.digest === null
      ? `${path} says ${record.status} and names no proven image`
      : `${path} was written by an older Sower, which did not keep the version of the image`
  throw new RefusedError('IMAGE_NOT_PROVEN', `${activity}: ${reason}`, {
    fix: 'promote only the image of a completed run; for an older one set image and version by hand',
  })
}

const promoteBranch = (
  { branchPrefix = '' }: Pick<Base['config'], 'branchPrefix'>,
  of: Readonly<{ cluster: string; seedImageRef: SeedImageRef; changes: readonly Change[] }>,
): string => {
  const digest = createHash('sha256').update(JSON.stringify(of)).digest('hex')
  return `${branchPrefix}promote-${of.cluster}-${digest.slice(0, 12)}`
}

/** Compares the renders of each root that lists an edited file, or names it in a patch, and returns these roots. */
const prove = async (
  kustomize: Kustomize,
  {
    before,
    after,
    roots,
  }: Readonly<{ before: Checkout; after: Checkout; roots: readonly string[] }>,
  promotions: readonly Promotion[],
): Promise<readonly string[]> => {
  const { tree } = before
  const every = [...new Set([...roots, ...defaultRoots(tree).roots])].sort()
  const rendered: string[] = []
  for (const root of every) {
    const { reached } = tree.walk(root)
    const concerned = promotions.filter(({ file }) =>
      reached.some(
        ({ kustomization, targets }) =>
          targets.some(({ path }) => path === file) ||
          kustomization.text.includes(posix.basename(file)),
      ),
    )
    if (concerned.length === 0) continue
    const build = async ({ onDisk, tree: of }: Checkout): Promise<string> =>
      kustomize.build(await onDisk(root), {
        ...{ path: root, tree: of, objects: objectsBelow(of, root), isProof: true },
      })
    const renders = { root, before: await build(before), after: await build(after) }
    const refusal = refusePromotion(renders, concerned)
    if (refusal !== null)
      throw new RefusedError('PROOF_REFUSED', `proving the promotion: ${refusal}`, {
        fix: 'look at what else sets image and version there, and name that file under `promote` in sower.yaml',
      })
    rendered.push(root)
  }
  return rendered
}
