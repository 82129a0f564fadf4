import posix from 'node:path/posix'
import { seedPaths } from '../../core/detach/seed-record.ts'
import { names } from '../../core/names.ts'
import { printable } from '../../core/printable.ts'
import { textAt } from '../../core/repository-tree.ts'
import type { Sha } from '../../core/run/run.ts'
import { whyForeign } from '../../core/secret/sealed/why-foreign.ts'
import { present, unknown, type Seen } from '../../core/seen.ts'
import { generatorsIn } from '../../core/seedgen/generators-in.ts'
import { seedObjectsIn } from '../../core/seedgen/seed-objects-in.ts'
import { UnavailableError } from '../../errors.ts'
import { once } from '../../once.ts'
import type { Base } from '../base.ts'
import type { Checkout, Repository } from '../ports/repository.ts'

/**
 * Finds SeedGenerators and Secrets of the push credential that a run would meet before it makes its own: those that the
 * commits of a head bring, but for the sealed one at its place in Git, and SeedGenerators on its base. Says for each where it is and what.
 */
export type SeedObjectFinder = (
  request: Readonly<{ base: Base; head: Sha; cluster: string }>,
) => Promise<Seen<readonly string[]>>

/** Creates a finder that looks at the same commits once. */
export const createSeedObjectFinder = (
  repository: Pick<Repository, 'broughtBy' | 'checkout'>,
  now: () => Date,
): SeedObjectFinder => {
  const found = new Map<string, Promise<readonly string[]>>()
  return async ({ base, head, cluster }) => {
    try {
      const key = [base.checkout.sha, head, cluster].join(' ')
      const onBase = generatorsOnBase(base, cluster)
      const brought = await once(found, key, () =>
        broughtBy(repository, base, { head, now: now().toISOString() }),
      )
      return present([...onBase, ...brought])
    } catch (error) {
      if (error instanceof UnavailableError) return unknown('unreachable')
      throw error
    }
  }
}

/** A run takes its own out of Git at its end, so that only those of other runs are there. */
const generatorsOnBase = (
  { checkout: { tree }, config: { directory, seeds } }: Base,
  cluster: string,
): readonly string[] => {
  const own = posix.join(directory, cluster)
  const others = seeds.filter(seed => seed !== cluster)
  const expected = new Set(others.map(seed => seedPaths(directory, seed).seedGenerator))
  return generatorsIn(tree, directory)
    .filter(path => !expected.has(path))
    .filter(
      path =>
        path.startsWith(`${own}/`) ||
        path === own ||
        tree.entry(path) !== 'file' ||
        // Words about one are in many a README.
        /\.(?:ya?ml|json)$/.test(path) ||
        seedObjectsIn(textAt(tree, path), []).length > 0,
    )
    .map(path => `${printable(path)} on the base branch: SeedGenerator`)
}

const broughtBy = async (
  repository: Pick<Repository, 'broughtBy' | 'checkout'>,
  { checkout: base, config: { directory, secret } }: Base,
  { head, now }: Readonly<{ head: Sha; now: string }>,
): Promise<readonly string[]> => {
  const { tree } = await repository.checkout(head)
  const paths = new Set<string>()
  const { versions } = await repository.broughtBy(base.sha, head)
  for await (const { path } of versions) paths.add(path)
  const mayGenerate = new Set(generatorsIn(tree, directory))
  return [...paths]
    .filter(path => !isSame(tree, base.tree, path))
    .flatMap(path => {
      const text = tree.entry(path) === 'file' ? textAt(tree, path) : ''
      if (path === secret.file && whyForeign(text, { place: secret, image: null, now }) === null)
        return []
      const sure = seedObjectsIn(text, [...new Set([names.seedSecret, secret.name])])
      return (sure.length === 0 && mayGenerate.has(path) ? ['SeedGenerator'] : sure).map(
        object => `${printable(path)}: ${object}`,
      )
    })
}

const isSame = (mine: Checkout['tree'], theirs: Checkout['tree'], path: string): boolean =>
  mine.entry(path) === 'file' &&
  theirs.entry(path) === 'file' &&
  Buffer.from(mine.read(path)).equals(theirs.read(path))
