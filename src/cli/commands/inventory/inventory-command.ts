import { join, relative } from 'node:path'
import { directoryTree, linkedTree } from '../../../adapters/files/directory-tree.ts'
import { repositoryRoot } from '../../../adapters/files/repository-root.ts'
import { refuseUnsafe } from '../../../core/kustomization/unsafe/refuse-unsafe.ts'
import { repositoryView } from '../../../core/kustomization/repository-view.ts'
import { clustersRendered } from '../../../core/render/clusters-rendered.ts'
import { readRender } from '../../../core/render/rendered-object.ts'
import { inventoryIn, inventoryName } from '../../../core/detach/inventory-in.ts'
import { readInventory, writeInventory, type Inventory } from '../../../core/detach/inventory.ts'
import { printable } from '../../../core/printable.ts'
import { RefusedError } from '../../../errors.ts'
import { applicationPath } from '../../../adapters/files/application-path.ts'
import { composeKustomize, type Surroundings } from '../../../surroundings.ts'
import { writeOutput } from '../../../adapters/files/write-output.ts'

export type InventoryOptions = Readonly<{ directory: string; write: boolean }>

/**
 * `sower inventory [directory]`: compares the clusters that an application path renders with the inventory
 * beside its kustomization, and writes it again with `write`. Throws InputError, RefusedError for what may not be
 * rendered, and REATTACH_RISK where writing would forget that a rendered cluster is detached.
 */
export const inventoryCommand = async (
  surroundings: Surroundings,
  { directory: argument, write }: InventoryOptions,
): Promise<void> => {
  const directory = applicationPath(surroundings.directory, argument)
  const root = repositoryRoot(directory, undefined)
  refuseUnsafe(repositoryView(linkedTree(root)), relative(root, directory) || '.')
  const kustomize = await composeKustomize(surroundings)
  const render = await kustomize.build(directory, { path: argument })
  const rendered = [...clustersRendered(readRender(render)).keys()].sort()
  const shown = join(argument, inventoryName)
  const before = inventoryOf(directory)
  const lines = compare(before, rendered)
  if (!write) {
    surroundings.print(
      `${shown}: ${before ? (lines.length === 0 ? 'all of it is rendered' : 'it differs from the render') : 'there is none'}\n${lines.join('')}`,
    )
    return
  }
  const back = before?.detached.find(({ cluster }) => rendered.includes(cluster))
  if (back)
    throw new RefusedError(
      'REATTACH_RISK',
      `writing ${shown}: ${back.cluster} is detached since ${back.date} and rendered again, which may reinstall its host`,
      { fix: `take it out again, or say \`sower reattach ${back.cluster}\` if that is intended` },
    )
  const text = writeInventory({ clusters: rendered, detached: before?.detached ?? [] })
  writeOutput({ file: join(directory, inventoryName), shown }, text)
  const count = `${rendered.length} ${rendered.length === 1 ? 'cluster' : 'clusters'}`
  surroundings.print(
    before
      ? `${shown}: ${count}\n${lines.join('')}`
      : `${shown}: ${count}, written for the first time\n${rendered.map(cluster => `  ${printable(cluster)}\n`).join('')}`,
  )
}

const inventoryOf = (directory: string): Inventory | null => {
  const tree = directoryTree(directory)
  const path = inventoryIn(tree, '.')
  return path === undefined ? null : readInventory(tree, path)
}

const compare = (before: Inventory | null, rendered: readonly string[]): readonly string[] => {
  const { clusters, detached } = before ?? { clusters: [], detached: [] }
  return [
    ...rendered
      .filter(cluster => !clusters.includes(cluster))
      .map(cluster => `  + ${printable(cluster)}: rendered, and not in it\n`),
    ...clusters
      .filter(cluster => !rendered.includes(cluster))
      .map(cluster => `  - ${printable(cluster)}: in it, and not rendered\n`),
    ...detached
      .filter(({ cluster }) => rendered.includes(cluster))
      .map(
        ({ cluster, date }) => `  ! ${printable(cluster)}: detached since ${date}, and rendered\n`,
      ),
  ]
}
