import { compareRenders, refuseDifference, type Expected } from '../core/proof/compare-renders.ts'
import { objectsBelow } from '../core/kustomization/objects-below.ts'
import { staticDifference } from '../core/proof/static-difference.ts'
import { RefusedError, type ErrorCode } from '../errors.ts'
import { once } from '../once.ts'
import type { Proof } from '../core/proof/proof.ts'
import type { Kustomize } from './ports/kustomize.ts'
import type { Checkout } from './ports/repository.ts'

/** A step from one commit to another that is to be proven. */
export type ToProve = Readonly<{
  before: Checkout
  after: Checkout
  roots: readonly string[]
  expected: Expected
  /** True if a proof by files will do for a root that needs a kustomize plugin which is not here. */
  acceptStatic: boolean
}>

/**
 * Renders every root before and after, and says what leaves.
 * Throws RefusedError where a root reaches out of the repository (ENTRY_...) or does not build (RENDER_...),
 * PROOF_STATIC where files had to do for renders and that was not accepted, or InputError
 * KUSTOMIZE_MISSING.
 */
export type Prove = (request: ToProve) => Promise<Proof>

/**
 * Creates a prover that compares the same two commits once: renders are pure. With `isPlain` each of them is one build,
 * whatever may be built in shards: a bot commits on nothing less.
 */
export const createProver = (
  kustomize: Kustomize,
  { isPlain = false }: Readonly<{ isPlain?: boolean }> = {},
): Prove => {
  const proofs = new Map<string, Promise<Proof>>()
  return request => {
    const { before, after, roots, expected, acceptStatic } = request
    const key = JSON.stringify([before.sha, after.sha, expected, acceptStatic, roots])
    return once(proofs, key, () => makeProof({ kustomize, isPlain }, request))
  }
}

const makeProof = async (
  { kustomize, isPlain }: Readonly<{ kustomize: Kustomize; isPlain: boolean }>,
  { before, after, roots, expected, acceptStatic }: ToProve,
): Promise<Proof> => {
  // kustomize may load what a root names: nothing is rendered before all of it is known to be safe.
  const counted = roots.map(path => ({
    path,
    objects: [objectsBelow(before.tree, path), objectsBelow(after.tree, path)] as const,
  }))
  const compared = []
  for (const { path, objects } of counted) {
    const build = async ({ onDisk, tree }: Checkout, count: number): Promise<string> =>
      kustomize.build(await onDisk(path), { path, tree, objects: count, isProof: isPlain })
    const renders = await Promise.allSettled([build(before, objects[0]), build(after, objects[1])])
    const texts = rendersOf(renders, expected)
    const difference = texts
      ? compareRenders(...texts)
      : staticDifference({ before: before.tree, after: after.tree }, path)
    compared.push({ path, isStatic: texts === null, ...difference })
  }
  const refusal = refuseDifference(compared, expected)
  const guessed = compared.find(({ isStatic }) => isStatic)
  if (refusal === null && guessed && !acceptStatic)
    throw new RefusedError(
      'PROOF_STATIC',
      `proving the edit for ${expected.cluster}: ${guessed.path} needs a kustomize plugin that is not here, so nothing was rendered and the proof is static`,
      {
        fix: 'set SOWER_KUSTOMIZE_PLUGIN_HOME to the directory of the plugins, or accept it: --accept-static-proof, or `acceptStaticProof: true` in sower.yaml',
      },
    )
  const isStatic = guessed !== undefined
  return { roots: compared, refusal, isStatic, kustomize: await kustomize.version() }
}

type Rendered = PromiseSettledResult<string>

/** The two renders of a root; null where one needs a plugin. Throws why one failed otherwise. */
const rendersOf = (
  [old, now]: readonly [Rendered, Rendered],
  { object, companions }: Expected,
): readonly [string, string] | null => {
  // A null list that is only repaired did not build before.
  const isRepaired = !object && !companions && isRefused(old, 'RENDER_EMPTY_LIST')
  const [before, after] = [textOf(isRepaired ? now : old), textOf(now)]
  return before === null || after === null ? null : [before, after]
}

const textOf = (result: Rendered): string | null => {
  if (result.status === 'fulfilled') return result.value
  if (isRefused(result, 'RENDER_NEEDS_PLUGIN')) return null
  throw result.reason
}

const isRefused = (result: Rendered, code: ErrorCode): boolean =>
  result.status === 'rejected' &&
  result.reason instanceof RefusedError &&
  result.reason.code === code
