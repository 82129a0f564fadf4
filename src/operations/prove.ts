import {
  compareRenders,
  refuseDifference,
  type Difference,
  type Expected,
} from '../core/kustomization/prove-difference.ts'
import { countObjects, unsafeReferences } from '../core/kustomization/references.ts'
import { staticDifference } from '../core/kustomization/static-difference.ts'
import { walkRoots } from '../core/kustomization/walk.ts'
import { RefusedError } from '../errors.ts'
import { once } from '../once.ts'
import type { Context, Proof } from './context.ts'
import type { Checkout, Kustomize } from './ports.ts'

/** What is to be proven of the way from one commit to another. */
export type ToProve = Readonly<{
  before: Checkout
  after: Checkout
  roots: readonly string[]
  expected: Expected
  /** Whether a proof by files will do for a root that needs a kustomize plugin which is not here. */
  acceptStatic: boolean
}>

/**
 * Renders every root before and after, and says what leaves. The same two commits are compared once.
 * Throws RefusedError where a root reaches out of the repository (ENTRY_...) or does not build (RENDER_...),
 * or InputError KUSTOMIZE_MISSING.
 */
export const prove = (
  {
    ports,
    proofs,
  }: Readonly<{
    ports: Pick<Context['ports'], 'kustomize'>
    proofs: Context['proofs']
  }>,
  request: ToProve,
): Promise<Proof> => {
  const { before, after, roots, expected, acceptStatic } = request
  const key = JSON.stringify([before.sha, after.sha, expected, acceptStatic, roots])
  return once(proofs, key, () => makeProof(ports.kustomize, request))
}

const makeProof = async (
  kustomize: Kustomize,
  { before, after, roots, expected, acceptStatic }: ToProve,
): Promise<Proof> => {
  const compared = []
  for (const path of roots) {
    const build = ({ directory, tree }: Checkout): Promise<string> =>
      kustomize.build(`${directory}/${path}`, { path, objects: objectsBelow(tree, path) })
    const [old, now] = await Promise.allSettled([build(before), build(after)])
    const isStatic =
      [old, now].some(({ status }) => status === 'rejected') &&
      [old, now].some(result => codeOf(result) === 'RENDER_NEEDS_PLUGIN')
    const difference = isStatic
      ? staticDifference({ before: before.tree, after: after.tree }, path)
      : differenceOf(old, now, expected)
    compared.push({ path, isStatic, ...difference })
  }
  const guessed = acceptStatic ? undefined : compared.find(({ isStatic }) => isStatic)
  return {
    roots: compared,
    refusal:
      refuseDifference(compared, expected) ??
      (guessed
        ? `${guessed.path} needs a kustomize plugin that is not here, so nothing was rendered and the proof is static`
        : null),
    isStatic: compared.some(({ isStatic }) => isStatic),
    kustomize: await kustomize.version(),
  }
}

type Rendered = PromiseSettledResult<string>

const codeOf = (result: Rendered): string | null =>
  result.status === 'rejected' && result.reason instanceof RefusedError ? result.reason.code : null

const differenceOf = (
  old: Rendered,
  now: Rendered,
  { object, companions }: Expected,
): Difference => {
  if (now.status === 'rejected') throw now.reason
  // A null list that is only repaired did not build before.
  if (!object && !companions && codeOf(old) === 'RENDER_EMPTY_LIST')
    return compareRenders(now.value, now.value)
  if (old.status === 'rejected') throw old.reason
  return compareRenders(old.value, now.value)
}

/**
 * How many objects a root may render, after a look at all that it would make kustomize load: nothing of it
 * may lie outside of the repository. Throws what stands in the way.
 */
const objectsBelow = (tree: Checkout['tree'], root: string): number => {
  let objects = 0
  for (const { reached, troubles } of walkRoots(tree, [root])) {
    const unsafe = reached.flatMap(({ kustomization }) => unsafeReferences(tree, kustomization))
    const [first] = [...troubles, ...unsafe]
    if (first) throw first
    for (const { targets } of reached)
      for (const { path, kind } of targets)
        if (kind === 'file') objects += countObjects(new TextDecoder().decode(tree.read(path)))
  }
  return objects
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
