import type { Clone } from '../../src/cli/clone/clone.ts'
import { readText } from '../../src/core/repository-tree.ts'
import { readConfiguration } from '../../src/core/settings/configuration.ts'
import type { Exploring } from '../../src/cli/commands/detach/exploring.ts'
import { createProver } from '../../src/operations/create-prover.ts'
import { createNamer } from '../../src/operations/names/create-namer.ts'
import type { Writing } from '../../src/operations/ports/work-tree.ts'
import { fakeRepository } from './fake-repository.ts'
import { memoryTree, type Files } from './memory-tree.ts'

/** A person's clone in memory, and what would look for an edit in it. */
export type FakeClone = Readonly<{
  clone: Clone
  exploring: Exploring
  /** What was written to the work tree. */
  written: Writing[]
}>

/** Makes one of committed files, with what lies otherwise in the work tree and what is staged. */
export const fakeClone = async (
  files: Readonly<Record<string, string>>,
  { lying = {}, staged = [] }: Readonly<{ lying?: Files; staged?: readonly string[] }> = {},
): Promise<FakeClone> => {
  const repository = fakeRepository(files)
  const head = repository.branches.get('main')!
  const checkout = await repository.port.checkout(head)
  const written: Writing[] = []
  const tree = memoryTree({ ...files, ...lying })
  const isAs = (path: string, content: string | null): boolean =>
    tree.entry(path) === 'file' ? readText(tree, path) === content : content === null
  const config = readConfiguration(files['sower.yaml'] ?? '', () => [])
  const clone: Clone = {
    workTree: {
      ...{ top: '/clone', head, directory: '', objects: { directory: '', format: 'sha1' }, tree },
      differs: (path, committed) =>
        !isAs(path, committed.entry(path) === 'file' ? readText(committed, path) : null),
      holds: changes => changes.every(({ path, content }) => isAs(path, content)),
      changed: async paths => paths.find(path => staged.includes(path)),
      write: async writing => {
        written.push(writing)
        return {
          commit: writing.message === null ? null : 'c'.repeat(40),
          isOnBranch: true,
          unlike: [],
        }
      },
    },
    ...{ checkout, repository: repository.port, base: '.', config, roots: config.roots },
    areRootsNamed: config.roots.length > 0,
    ...{ directory: config.directory, warnings: [], shown: path => path, close: () => undefined },
  }
  return {
    ...{ clone, written },
    exploring: {
      ...{ clone, cluster: 'sno1', mode: 'comment', config },
      withCompanions: false,
      preparing: {
        repository: repository.port,
        prove: createProver(repository.kustomize),
        namer: createNamer(repository.kustomize),
      },
    },
  }
}
