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
import type { OutputForm } from '../../output-flag.ts'
import { printAs } from '../../output/print-as.ts'

export type InventoryOptions = Readonly<{
  directory: string
  write: boolean
  output: OutputForm
}>

const version = { apiVersion: 'sower.dev/v1alpha1', kind: 'InventoryReport' }

/**
 * `sower inventory [directory]`: compares the clusters that an application path renders with the inventory
 * beside its kustomization, and writes it again with `write`. Throws InputError, RefusedError for what may not be
 * rendered, and REATTACH_RISK where writing would forget that a rendered cluster is detached.
 */
export const inventoryCommand = async (
  surroundings: Surroundings,
  { directory: argument, write, output }: InventoryOptions,
): Promise<void> => {
  const directory = applicationPath(surroundings.directory, argument)
  const root = repositoryRoot(directory, undefined)
  refuseUnsafe(repositoryView(linkedTree(root)), relative(root, directory) || '.')
  const kustomize = await composeKustomize(surroundings)
  const render = await kustomize.build(directory, { path: argument })
  const rendered = [...clustersRendered(readRender(render)).keys()].sort()
  const shown = join(argument, inventoryName)
  const before = inventoryOf(directory)
  const clusters = compare(before, rendered)
  const show = (isWritten: boolean, lines: readonly string[]): void => {
    const document = { ...version, file: shown, isThere: before !== null, isWritten, clusters }
    surroundings.print(printAs(output, document, () => `${shown}: ${lines.join('\n')}\n`))
  }
  const differences = describe(clusters, 'text')
  const lines = describe(clusters, output)
  if (!write) {
    const same = differences.length === 0 ? 'all of it is rendered' : 'it differs from the render'
    show(false, [before ? same : 'there is none', ...lines])
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
  const first = `${count}, written for the first time`
  show(true, before ? [count, ...lines] : [first, ...rendered.map(one => `  ${printable(one)}`)])
}

const inventoryOf = (directory: string): Inventory | null => {
  const tree = directoryTree(directory)
  const path = inventoryIn(tree, '.')
  return path === undefined ? null : readInventory(tree, path)
}

type Compared = Readonly<{
  cluster: string
  /** True where the inventory names it among those that must be rendered. */
  isListed: boolean
  isRendered: boolean
  /** The day since which the inventory calls it detached. */
  detachedSince: string | null
}>

/** Each cluster that is rendered or that the inventory names. */
const compare = (before: Inventory | null, rendered: readonly string[]): readonly Compared[] => {
  const { clusters, detached } = before ?? { clusters: [], detached: [] }
  const all = new Set([...rendered, ...clusters, ...detached.map(({ cluster }) => cluster)])
  return [...all].sort().map(cluster => ({
    cluster,
    isListed: clusters.includes(cluster),
    isRendered: rendered.includes(cluster),
    detachedSince: detached.find(one => one.cluster === cluster)?.date ?? null,
  }))
}

/** The lines of those that differ, and of all where it is `wide`. */
const describe = (clusters: readonly Compared[], form: OutputForm): readonly string[] => {
  const lines = (
    mark: string,
    isIt: (one: Compared) => boolean,
    say: (one: Compared) => string,
  ): readonly string[] =>
    clusters.filter(isIt).map(one => `  ${mark} ${printable(one.cluster)}: ${say(one)}`)
  const since = ({ detachedSince }: Compared): string => `detached since ${detachedSince ?? ''}`
  return [
    ...lines(
      '+',
      of => of.isRendered && !of.isListed,
      () => 'rendered, and not in it',
    ),
    ...lines(
      '-',
      of => of.isListed && !of.isRendered,
      () => 'in it, and not rendered',
    ),
    ...lines(
      '!',
      of => of.detachedSince !== null && of.isRendered,
      of => `${since(of)}, and rendered`,
    ),
    ...(form === 'wide'
      ? [
          ...lines(
            ' ',
            of => of.isListed && of.isRendered,
            () => 'in it, and rendered',
          ),
          ...lines(' ', of => of.detachedSince !== null && !of.isRendered, since),
        ]
      : []),
  ]
}
