import { RefusedError, type ErrorCode } from '../../errors.ts'
import { isInline } from '../kustomization/follow-entry.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import type { Reached, Walk } from '../kustomization/walk.ts'
import { textAt } from '../repository-tree.ts'
import { fieldsOf, textOf } from '../yaml/fields-of.ts'
import { documentsIn } from '../yaml/documents-in.ts'
import { clustersInText, unreadableCluster } from './clusters-in.ts'
import { inflatedCharts } from './helm-reason.ts'
import { kinds } from './kinds.ts'
import { namesCluster } from './names-cluster.ts'
import { rawObjectIn } from './raw-object-in.ts'

/**
 * The live entries that may bring a cluster although Sower cannot look into them: files that it reads otherwise than
 * kustomize does (ENTRY_UNREADABLE), inline YAML (ENTRY_INLINE), charts (HELM_RENDERED), generators that it does not
 * know (ENTRY_UNREADABLE) and remote bases (ENTRY_REMOTE) that name it; and those that bring what ACM makes of a
 * cluster, so that the hub goes on managing it without a ClusterInstance (RAW_OBJECTS).
 */
export const liveSuspects = (
  view: RepositoryView,
  { cluster, walks }: Readonly<{ cluster: string; walks: readonly Walk[] }>,
): readonly RefusedError[] => {
  const places = new Map(
    walks.flatMap(({ reached }) => reached).map(place => [place.directory, place]),
  )
  const remote = walks
    .flatMap(({ troubles }) => troubles)
    .filter(({ code, message }) => code === 'ENTRY_REMOTE' && namesCluster(message, cluster))
  return [
    ...[...places.values()].flatMap(place => suspectsIn(view, place, cluster)),
    ...new Set(remote),
  ]
}

const suspectsIn = (
  view: RepositoryView,
  place: Reached,
  cluster: string,
): readonly RefusedError[] => {
  const { kustomization, targets } = place
  const refuse = (code: ErrorCode, reason: string, fix: string): RefusedError =>
    new RefusedError(code, `looking for cluster ${cluster}: ${reason}`, { fix })
  const files = targets.filter(({ kind }) => kind === 'file')
  const unreadable = files.flatMap(({ entry, path }) => {
    const text = textAt(view, path)
    const wrong = unreadableCluster(text, cluster)
    if (!wrong || clustersInText(text, cluster).some(({ name }) => name === cluster)) return []
    return refuse(
      'ENTRY_UNREADABLE',
      `${kustomization.path}:${entry.line} lists ${path}, which may hold it, and Sower cannot read ${path}:${wrong.line} as kustomize does: ${wrong.reason}`,
      'write that line so that every YAML reader takes it: closing quotes and brackets deeper than their key, a space before `#`',
    )
  })
  const generators = files.flatMap(({ entry, path }) =>
    entry.key === 'generators' && isForeignGenerator(textAt(view, path), cluster)
      ? refuse(
          'ENTRY_UNREADABLE',
          `${kustomization.path}:${entry.line} runs the generator ${path}, which names it, and Sower does not know what that makes`,
          'look at its render; take the cluster out of it by hand if it brings the cluster',
        )
      : [],
  )
  const inline = kustomization.lists
    .flatMap(({ entries }) => entries)
    .filter(({ value }) => isInline(value) && namesCluster(value, cluster))
    .map(({ line }) =>
      refuse(
        'ENTRY_INLINE',
        `${kustomization.path}:${line} names it in inline YAML`,
        'put that YAML into a file and list the file',
      ),
    )
  const charts = chartsNaming(view, place, cluster).map(path =>
    refuse(
      'HELM_RENDERED',
      `${path} names it, in the values or templates of a Helm chart that ${kustomization.path} inflates: Sower edits the lists of kustomizations only`,
      'take the cluster out of the chart by hand, or move it into a file that a kustomization lists',
    ),
  )
  const raw = files.flatMap(({ entry, path }) => {
    const text = textAt(view, path)
    const kind = namesCluster(text, cluster) ? rawObjectIn(text, cluster) : undefined
    const isOwn = clustersInText(text, cluster).some(({ name }) => name === cluster)
    return kind === undefined || kind === 'InfraEnv' || isOwn
      ? []
      : refuse(
          'RAW_OBJECTS',
          `${kustomization.path}:${entry.line} lists ${path}, which holds its ${kind}: the hub goes on managing it without a ClusterInstance`,
          'leave it there if the cluster is to stay; else detach the cluster on the hub by hand: pruning such objects beside a BareMetalHost can deprovision the host',
        )
  })
  return [...unreadable, ...inline, ...charts, ...generators, ...raw]
}

// What these make brings no cluster to the hub, whatever cluster they name.
const harmless = new Set([
  'PolicyGenTemplate',
  'PolicyGenerator',
  'ConfigMapGenerator',
  'SecretGenerator',
])

const isForeignGenerator = (text: string, cluster: string): boolean =>
  namesCluster(text, cluster) &&
  documentsIn(text).some(document => {
    const kind = textOf(fieldsOf(document), 'kind')
    return !harmless.has(kind) && !kinds.some(known => known.kind === kind)
  })

/** The files by which a kustomization's charts name a cluster: its own text, values, and the charts that are here. */
const chartsNaming = (view: RepositoryView, place: Reached, cluster: string): readonly string[] => {
  const generators = place.targets
    .filter(({ entry, kind }) => entry.key === 'generators' && kind === 'file')
    .flatMap(({ path }) => documentsIn(textAt(view, path)))
    .filter(document => textOf(fieldsOf(document), 'kind') === 'HelmChartInflationGenerator')
  const inflated = inflatedCharts(place, generators)
  if (!inflated) return []
  const inCharts = view
    .paths()
    .filter(({ path }) => inflated.charts.some(chart => path.startsWith(`${chart}/`)))
    .map(({ path }) => path)
  return [...new Set([...inflated.values, ...inCharts])]
    .filter(path => view.entry(path) === 'file' && namesCluster(textAt(view, path), cluster))
    .slice(0, 1)
}
