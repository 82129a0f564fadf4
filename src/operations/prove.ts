import { compareRenders, refuseDifference } from '../core/kustomization/prove-difference.ts'
import { once } from '../once.ts'
import type { Context, Proof } from './context.ts'
import type { Checkout } from './ports.ts'

/**
 * Renders every root before and after, and says what leaves. The same two commits are compared once.
 * Throws RefusedError RENDER_FAILED or InputError KUSTOMIZE_MISSING.
 */
export const prove = (
  { ports, proofs }: Proving,
  request: Readonly<{
    before: Checkout
    after: Checkout
    roots: readonly string[]
    cluster: string
  }>,
): Promise<Proof> => {
  const key = [request.before.sha, request.after.sha, request.cluster, ...request.roots].join(' ')
  return once(proofs, key, () => makeProof(ports, request))
}

type Proving = Readonly<{ ports: Pick<Context['ports'], 'kustomize'>; proofs: Context['proofs'] }>

const makeProof = async (
  { kustomize }: Proving['ports'],
  { before, after, roots, cluster }: Parameters<typeof prove>[1],
): Promise<Proof> => {
  const differences = []
  for (const path of roots) {
    const [old, now] = await Promise.all([
      kustomize.build(`${before.directory}/${path}`),
      kustomize.build(`${after.directory}/${path}`),
    ])
    differences.push({ path, ...compareRenders(old, now) })
  }
  return {
    roots: differences,
    refusal: refuseDifference(differences, cluster),
    kustomize: await kustomize.version(),
  }
}

/** The roots that a proof's edit changes, and how many objects are left in the smallest; null where none is. */
export const affectedBy = ({
  roots,
}: Pick<Proof, 'roots'>): Readonly<{ paths: readonly string[]; left: number | null }> => {
  const affected = roots.filter(({ removed }) => removed.length > 0)
  return {
    paths: affected.map(({ path }) => path),
    left: affected.length === 0 ? null : Math.min(...affected.map(({ left }) => left)),
  }
}
