import type { Change } from '../../../core/change.ts'
import { searchCluster } from '../../../core/cluster/find-cluster.ts'
import { shownIdentity } from '../../../core/cluster/object-identity.ts'
import { missingCompanions, type Missing } from '../../../core/companions/missing-companions.ts'
import { uncommentEntry } from '../../../core/edit/uncomment-entry.ts'
import { objectsBelow } from '../../../core/kustomization/objects-below.ts'
import { parseKustomization } from '../../../core/kustomization/parse-kustomization.ts'
import { clusterInstances } from '../../../core/render/clusters-rendered.ts'
import { readRender, type RenderedObject } from '../../../core/render/rendered-object.ts'
import type { PlanReport } from '../../../core/report/plan-report.ts'
import { textAt } from '../../../core/repository-tree.ts'
import { documentsIn } from '../../../core/yaml/documents-in.ts'
import type { Kustomize } from '../../../operations/ports/kustomize.ts'
import type { Checkout } from '../../../operations/ports/repository.ts'
import type { Clone } from '../../clone/clone.ts'

/**
 * Finds what a cluster's ClusterInstance or SiteConfig needs on the hub, and neither the renders of `rendering` nor the files of any
 * root bring, in a commit that lists the cluster. Throws what rendering throws; what was rendered before is kept.
 */
export const mustBeBack = async (
  kustomize: Kustomize,
  { tree, onDisk }: Checkout,
  {
    cluster,
    roots,
    rendering,
  }: Readonly<{ cluster: string; roots: readonly string[]; rendering: readonly string[] }>,
): Promise<readonly Missing[]> => {
  const { found, walks } = searchCluster(tree, { cluster, roots })
  const objects: RenderedObject[] = []
  for (const path of rendering) {
    const about = { path, tree, objects: objectsBelow(tree, path), isProof: false }
    objects.push(...readRender(await kustomize.build(await onDisk(path), about)))
  }
  const [rendered] = clusterInstances(objects).get(cluster) ?? []
  const written = found.flatMap(({ source }) => documentsIn(textAt(tree, source)))
  const instances = rendered ? [rendered.value()] : written
  return instances.flatMap(instance =>
    missingCompanions(tree, {
      ...{ walks, cluster, instance },
      rendered: objects.map(({ group, kind, namespace, name }) =>
        [group, kind, namespace(), name()].join('/'),
      ),
    }),
  )
}

/** The files with the commented-out lines that bring nothing but what is missing and the cluster's own. */
export const companionsBack = (missing: readonly Missing[]): readonly Change[] => {
  const texts = new Map<string, string>()
  for (const { line, isAlone } of missing) {
    if (!line || !isAlone) continue
    const { path } = line.kustomization
    const before = texts.get(path)
    const kustomization =
      before === undefined ? line.kustomization : parseKustomization(path, before)
    const text = uncommentEntry(kustomization, line)
    if (text !== null) texts.set(path, text)
  }
  return [...texts].map(([path, content]) => ({ path, content }))
}

/** The missing objects as the report holds them. */
export const describeMissing = (
  { shown }: Pick<Clone, 'shown'>,
  missing: readonly Missing[],
): PlanReport['missing'] =>
  missing.map(({ object, line, isAlone }) => ({
    object,
    file: line && shown(line.kustomization.path),
    line: line && line.line,
    entry: line && line.value,
    returnable: line !== null && isAlone,
  }))

/** The warning about missing objects, described as `described`, before the cluster comes back. */
export const warnOfMissing = (
  missing: readonly Missing[],
  described: PlanReport['missing'],
): readonly string[] => {
  const isOfSite = missing.some(({ by }) => by === 'SiteConfig')
  const nowhere = described.filter(({ file }) => file === null).map(({ object }) => object)
  const none =
    nowhere.length === 0 ? [] : [`${firstOnHub(nowhere, isOfSite)}; apply or list that first`]
  const commented = described.flatMap(({ object, file, line, entry, returnable }) => {
    if (file === null) return []
    const way = returnable
      ? '--with-companions brings it back in this edit'
      : 'that line brings other objects, too, so bring it back by hand'
    return [
      `${firstOnHub([object], isOfSite)}; ${entry ?? ''} is commented out at ${file}:${line ?? ''}: ${way}`,
    ]
  })
  return [...commented, ...none]
}

/** siteconfig looks for each Secret and ConfigMap before it renders (clusterinstance/validator.go, validateResources). */
const firstOnHub = (objects: readonly string[], isOfSite: boolean): string => {
  const isNamespace = (object: string): boolean => object.startsWith('/Namespace/')
  const [namespace] = objects.filter(isNamespace).map(object => object.split('/').at(-1) ?? '')
  const why = namespace
    ? `else Argo CD fails the whole Application with \`namespaces "${namespace}" not found\``
    : isOfSite
      ? 'the SiteConfig refers to it'
      : 'else the ClusterInstance may fail the validation of siteconfig (its condition ClusterInstanceValidated), which renders nothing then'
  return `must be on the hub first, and no root renders it: ${objects.map(shownIdentity).join(', ')}; ${why}`
}
